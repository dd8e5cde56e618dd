package io.jollyboat.proxy.rules;

import io.jollyboat.kinds.ObjectKey;
import java.util.Map;

/** The rules of all Services, by Service. Services that need none are left out. */
public record RuleSet(Map<ObjectKey, ServiceRules> services) {}
