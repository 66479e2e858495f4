/** Shoppers that look round, fill carts and sometimes buy. */
@NullMarked
package io.millrace.standalone.simulate;

import org.jspecify.annotations.NullMarked;
