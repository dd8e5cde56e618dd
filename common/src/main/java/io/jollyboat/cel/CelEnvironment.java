package io.jollyboat.cel;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableMap;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelSource;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The names that an expression may use: variables with their types, and the functions of upstream's base environment.
 * Immutable; the compiler behind it is made by the first {@link #compile}.
 */
public final class CelEnvironment {

    private static final CelOptions OPTIONS = options();

    private final Map<String, CelType> variables;
    private final Map<String, CelType> types;
    private final List<Consumer<Declarations>> libraries;
    private volatile Compiler compiler;

    private record Compiler(CelCompiler cel, Libraries libraries) {}

    private CelEnvironment(Builder builder) {
        this.variables = Map.copyOf(builder.variables);
        this.types = Map.copyOf(builder.types);
        this.libraries = List.copyOf(builder.libraries);
    }

    @SuppressWarnings("deprecation") // dev.cel would have a validator instead, whose texts are not upstream's.
    private static CelOptions options() {
        return CelOptions.current()
                .enableOptionalSyntax(true)
                .enableQuotedIdentifierSyntax(true)
                .enableHeterogeneousNumericComparisons(true)
                .enableHomogeneousLiterals(true)
                .enableHiddenAccumulatorVar(true)
                .populateMacroCalls(false)
                .build();
    }

    /** An environment to add variables to. */
    public static Builder builder() {
        return new Builder();
    }

    /** A new environment that starts with all of this one's names. */
    public Builder extend() {
        Builder builder = new Builder();
        builder.variables.putAll(variables);
        builder.types.putAll(types);
        builder.libraries.addAll(libraries);
        return builder;
    }

    /** Collects the names of an environment. */
    public static final class Builder {
        private final Map<String, CelType> variables = new LinkedHashMap<>();
        private final Map<String, CelType> types = new LinkedHashMap<>();
        private final List<Consumer<Declarations>> libraries = new ArrayList<>();

        private Builder() {}

        /** A variable of a type. */
        public Builder variable(String name, CelType type) {
            variables.put(name, type);
            return this;
        }

        /** A variable that holds an object by a declared type; all the object types in it become known. */
        public Builder variable(String name, DeclType type) {
            type.objectTypes().forEach(this::type);
            return variable(name, type.celType());
        }

        /** A named type that expressions may select fields of, or construct. */
        public Builder type(CelType type) {
            types.put(type.name(), type);
            return this;
        }

        /** The {@code authorizer} variable. */
        public Builder authorizer() {
            return variable("authorizer", AuthorizerFunctions.AUTHORIZER)
                    .variable("authorizer.requestResource", AuthorizerFunctions.RESOURCE_CHECK);
        }

        /** The functions that only JSON patches of mutation policies have. */
        public Builder jsonPatchFunctions() {
            libraries.add(JsonPatchFunctions::declare);
            return this;
        }

        /** The finished environment. */
        public CelEnvironment build() {
            return new CelEnvironment(this);
        }
    }

    /**
     * As {@link #compile}, where the expression may construct objects of any type whose name is the prefix or starts with it
     * and a dot, with fields of any name and type.
     */
    public CelCompilation compileWithObjects(String prefix, String expression) {
        Builder builder = extend();
        try {
            OpenObjects.in(compiler().cel().parse(expression).getAst(), prefix).forEach(builder::type);
        } catch (CelValidationException e) {
            // Compiling says what is wrong.
            return compile(expression);
        }
        return builder.build().compile(expression);
    }

    /** Parses, checks and plans an expression. */
    public CelCompilation compile(String expression) {
        Compiler current = compiler();
        try {
            CelAbstractSyntaxTree ast = current.cel().compile(expression).getAst();
            String literals = LiteralChecks.problems(ast, expression);
            if (literals != null) {
                return new CelCompilation.Failure("compilation failed: " + literals);
            }
            return new CelProgram(expression, ast, current.libraries());
        } catch (CelValidationException e) {
            CelSource source =
                    CelSource.newBuilder(expression).setDescription("<input>").build();
            return new CelCompilation.Failure("compilation failed: " + ErrorTexts.of(e.getErrors(), source));
        } catch (EvalError e) {
            return new CelCompilation.Failure("program instantiation failed: " + e.getMessage());
        } catch (StackOverflowError e) {
            return new CelCompilation.Failure("compilation failed: expression is nested too deeply");
        }
    }

    private Compiler compiler() {
        Compiler current = compiler;
        if (current == null) {
            current = create();
            compiler = current;
        }
        return current;
    }

    private Compiler create() {
        Libraries functions = new Libraries(libraries);
        CelCompilerBuilder builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addMacros(Macros.all())
                .setTypeProvider(NamedTypes.of(types))
                .addFunctionDeclarations(functions.forChecker());
        variables.forEach(builder::addVar);
        return new Compiler(builder.build(), functions);
    }

    /** Finds the opaque types of the libraries and the environment's own object types. */
    private record NamedTypes(ImmutableMap<String, CelType> all) implements CelTypeProvider {
        static NamedTypes of(Map<String, CelType> own) {
            return new NamedTypes(ImmutableMap.<String, CelType>builder()
                    .putAll(Libraries.opaqueTypes())
                    .putAll(own)
                    .buildKeepingLast());
        }

        @Override
        public ImmutableCollection<CelType> types() {
            return all.values();
        }

        @Override
        public Optional<CelType> findType(String name) {
            return Optional.ofNullable(all.get(name));
        }
    }
}
