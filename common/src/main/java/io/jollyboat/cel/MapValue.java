package io.jollyboat.cel;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A map made by an expression; keys that are equal as numbers are one key. */
final class MapValue extends AbstractMap<Object, Object> {

    private final Map<Object, Map.Entry<Object, Object>> entries = new LinkedHashMap<>();
    private final String typeName;

    MapValue() {
        this("map");
    }

    MapValue(String typeName) {
        this.typeName = typeName;
    }

    /** The name of the object type that was constructed, {@code map} for maps. */
    String objectType() {
        return typeName;
    }

    @Override
    public Object put(Object key, Object value) {
        Map.Entry<Object, Object> old = entries.put(Numbers.key(key), Map.entry(key, value));
        return old == null ? null : old.getValue();
    }

    @Override
    public Object get(Object key) {
        Map.Entry<Object, Object> entry = entries.get(Numbers.key(key));
        return entry == null ? null : entry.getValue();
    }

    @Override
    public boolean containsKey(Object key) {
        return entries.containsKey(Numbers.key(key));
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    public Set<Map.Entry<Object, Object>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<Object, Object>> iterator() {
                return entries.values().iterator();
            }

            @Override
            public int size() {
                return entries.size();
            }
        };
    }
}
