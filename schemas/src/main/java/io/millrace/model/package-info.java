/** What a model is: the manifest that declares its events, features, tensors and origin. */
@NullMarked
package io.millrace.model;

import org.jspecify.annotations.NullMarked;
