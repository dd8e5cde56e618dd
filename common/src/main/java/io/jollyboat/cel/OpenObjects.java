package io.jollyboat.cel;

import com.google.common.collect.ImmutableSet;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExprVisitor;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Makes types for the objects that an expression constructs without anybody having declared them. */
final class OpenObjects extends CelExprVisitor {

    private final String prefix;
    private final Set<String> names = new TreeSet<>();
    private final Set<String> fields = new HashSet<>();

    private OpenObjects(String prefix) {
        this.prefix = prefix;
    }

    /** The types of the prefix's objects, each with every field that the expression mentions. */
    static List<CelType> in(CelAbstractSyntaxTree parsed, String prefix) {
        OpenObjects objects = new OpenObjects(prefix);
        objects.visit(parsed.getExpr());
        ImmutableSet<String> fields = ImmutableSet.copyOf(objects.fields);
        return objects.names.stream()
                .<CelType>map(name -> StructType.create(name, fields, field -> Optional.of(SimpleType.DYN)))
                .toList();
    }

    @Override
    protected void visit(CelExpr expr, CelExpr.CelStruct struct) {
        if (struct.messageName().equals(prefix) || struct.messageName().startsWith(prefix + ".")) {
            names.add(struct.messageName());
        }
        struct.entries().forEach(entry -> fields.add(entry.fieldKey()));
        super.visit(expr, struct);
    }

    @Override
    protected void visit(CelExpr expr, CelExpr.CelSelect select) {
        fields.add(select.field());
        super.visit(expr, select);
    }
}
