/**
 * The audit log: who asked for what, and how it ended. Knows nothing of the doors: they tell it of requests, and admission
 * adds annotations. What is not configured costs nothing.
 */
package io.jollyboat.apiserver.audit;
