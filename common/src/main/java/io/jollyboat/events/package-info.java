/**
 * Events about objects, as upstream's components write them: similar ones are counted or combined, and a source that
 * talks too much about one object is cut short. Recording never blocks and never fails; events may be lost.
 */
package io.jollyboat.events;
