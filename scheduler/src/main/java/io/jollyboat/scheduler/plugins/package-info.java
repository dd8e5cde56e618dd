/**
 * The built-in plugins, one class each, with upstream's names, texts and arithmetic. {@link
 * io.jollyboat.scheduler.plugins.BuiltInPlugins} is the one list of them.
 */
package io.jollyboat.scheduler.plugins;
