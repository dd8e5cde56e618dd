package io.jollyboat.cel;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The function libraries that upstream 1.36 has in every environment, and those that single environments add. */
final class Libraries {

    private static final List<Consumer<Declarations>> BASE = List.of(
            StringFunctions::declare,
            ListFunctions::declare,
            ListExtensions::declare,
            SetFunctions::declare,
            OptionalFunctions::declare,
            RegexFunctions::declare,
            UrlFunctions::declare,
            QuantityFunctions::declare,
            IpFunctions::declare,
            FormatFunctions::declare,
            SemverFunctions::declare,
            AuthorizerFunctions::declare);

    private static final Map<String, CelType> OPAQUE = List.of(
                    UrlFunctions.TYPE,
                    QuantityFunctions.TYPE,
                    IpFunctions.IP,
                    IpFunctions.CIDR,
                    FormatFunctions.TYPE,
                    SemverFunctions.TYPE,
                    AuthorizerFunctions.AUTHORIZER,
                    AuthorizerFunctions.PATH_CHECK,
                    AuthorizerFunctions.GROUP_CHECK,
                    AuthorizerFunctions.RESOURCE_CHECK,
                    AuthorizerFunctions.DECISION)
            .stream()
            .collect(Collectors.toUnmodifiableMap(OpaqueType::name, type -> type));

    private final Declarations declarations = new Declarations();

    Libraries(List<Consumer<Declarations>> additional) {
        BASE.forEach(library -> library.accept(declarations));
        additional.forEach(library -> library.accept(declarations));
    }

    List<CelFunctionDecl> forChecker() {
        return new ArrayList<>(declarations.forChecker());
    }

    static Map<String, CelType> opaqueTypes() {
        return OPAQUE;
    }

    /** What a call of a checked expression does. */
    Function function(String name, String overload) {
        Function own = Operators.find(name);
        Function library = declarations.find(name, own == null ? overload : "");
        if (own != null) {
            return own;
        }
        if (library == null) {
            throw new EvalError("no such overload: " + name);
        }
        return library;
    }
}
