package io.jollyboat.proxy.rules;

import io.jollyboat.kinds.ObjectKey;
import java.io.IOException;
import java.util.Map;

/** Brings rules into force. Called by one thread at a time. */
public interface RulesBackend {
    /** Replaces whatever is there, in one step. */
    void replace(RuleSet rules) throws IOException;

    /**
     * Changes the rules of some Services, in one step. After a failure the state is unknown: replace.
     *
     * @param changes the new rules by Service; {@link ServiceRules#NONE} removes
     */
    void update(Map<ObjectKey, ServiceRules> changes) throws IOException;

    /** Whether the rules may have been changed by someone else since the last call of this backend. */
    boolean disturbed() throws IOException;

    /** Removes every trace. */
    void remove() throws IOException;
}
