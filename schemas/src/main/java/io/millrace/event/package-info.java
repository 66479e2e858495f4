/** What a producer says happened, as every part of Millrace sees it. */
@NullMarked
package io.millrace.event;

import org.jspecify.annotations.NullMarked;
