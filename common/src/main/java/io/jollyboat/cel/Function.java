package io.jollyboat.cel;

/** What a call does with its evaluated arguments; the receiver is the first. */
@FunctionalInterface
interface Function {

    Object apply(Object[] args);
}
