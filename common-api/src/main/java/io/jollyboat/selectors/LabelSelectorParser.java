package io.jollyboat.selectors;

import io.jollyboat.selectors.LabelRequirement.Operator;
import io.jollyboat.values.Names;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** Reads the text form of label selectors; fails with upstream's texts. */
final class LabelSelectorParser {
    private enum Kind {
        WORD,
        IN,
        NOT_IN,
        NOT,
        EQUALS,
        NOT_EQUALS,
        GREATER,
        LESS,
        OPEN,
        CLOSE,
        COMMA,
        ERROR,
        END
    }

    private record Token(Kind kind, String text) {
        /** Where a value is expected, {@code in} and {@code notin} are words. */
        Kind asValue() {
            return kind == Kind.IN || kind == Kind.NOT_IN ? Kind.WORD : kind;
        }
    }

    private final List<Token> tokens = new ArrayList<>();
    private int at;

    LabelSelectorParser(String text) {
        int position = 0;
        while (position < text.length()) {
            char c = text.charAt(position);
            if (isSpace(c)) {
                position++;
            } else if (isSymbol(c)) {
                position = symbol(text, position);
            } else {
                int start = position;
                while (position < text.length()
                        && !isSpace(text.charAt(position))
                        && !isSymbol(text.charAt(position))) {
                    position++;
                }
                String word = text.substring(start, position);
                tokens.add(
                        new Token(word.equals("in") ? Kind.IN : word.equals("notin") ? Kind.NOT_IN : Kind.WORD, word));
            }
        }
        tokens.add(new Token(Kind.END, ""));
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private static boolean isSymbol(char c) {
        return "=!(),><".indexOf(c) >= 0;
    }

    private int symbol(String text, int start) {
        if (text.startsWith("==", start)) {
            tokens.add(new Token(Kind.EQUALS, "=="));
            return start + 2;
        }
        if (text.startsWith("!=", start)) {
            tokens.add(new Token(Kind.NOT_EQUALS, "!="));
            return start + 2;
        }
        Kind kind = switch (text.charAt(start)) {
            case '=' -> Kind.EQUALS;
            case '!' -> Kind.NOT;
            case '(' -> Kind.OPEN;
            case ')' -> Kind.CLOSE;
            case ',' -> Kind.COMMA;
            case '>' -> Kind.GREATER;
            case '<' -> Kind.LESS;
            default -> Kind.ERROR;
        };
        tokens.add(new Token(kind, text.substring(start, start + 1)));
        return start + 1;
    }

    private Token next() {
        return tokens.get(at < tokens.size() - 1 ? at++ : at);
    }

    private Token peek() {
        return tokens.get(at);
    }

    LabelMatcher parse() {
        List<LabelRequirement> requirements = new ArrayList<>();
        while (peek().kind != Kind.END) {
            Kind kind = peek().asValue();
            if (kind != Kind.WORD && kind != Kind.NOT) {
                throw new IllegalArgumentException(
                        "found '" + peek().text + "', expected: !, identifier, or 'end of string'");
            }
            try {
                requirements.add(requirement());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("unable to parse requirement: " + e.getMessage(), e);
            }
            Token separator = next();
            if (separator.kind == Kind.END) {
                break;
            }
            if (separator.kind != Kind.COMMA) {
                throw expected(separator, ", expected: ',' or 'end of string'");
            }
            Kind following = peek().asValue();
            if (following != Kind.WORD && following != Kind.NOT) {
                throw expected(peek(), ", expected: identifier after ','");
            }
        }
        requirements.sort(Comparator.comparing(LabelRequirement::key));
        return new LabelMatcher(List.copyOf(requirements), false);
    }

    private LabelRequirement requirement() {
        Token first = next();
        boolean negated = first.kind == Kind.NOT;
        Token key = negated ? next() : first;
        if (key.asValue() != Kind.WORD) {
            throw expected(key, ", expected: identifier");
        }
        List<String> problems = Names.qualifiedName(key.text);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(
                    "<nil>: Invalid value: \"" + key.text + "\": " + String.join("; ", problems));
        }
        if (negated) {
            return new LabelRequirement(key.text, Operator.DOES_NOT_EXIST, List.of());
        }
        if (peek().kind == Kind.END || peek().kind == Kind.COMMA) {
            return new LabelRequirement(key.text, Operator.EXISTS, List.of());
        }
        Operator operator = operator();
        List<String> values = operator == Operator.IN || operator == Operator.NOT_IN ? values() : exactValue();
        LabelRequirement requirement = new LabelRequirement(key.text, operator, values);
        List<String> errors = requirement.errors("key", "values");
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(errors.size() == 1 ? errors.getFirst() : errors.toString());
        }
        return requirement;
    }

    private Operator operator() {
        Token token = next();
        return switch (token.kind) {
            case IN -> Operator.IN;
            case NOT_IN -> Operator.NOT_IN;
            case EQUALS -> Operator.EQUALS;
            case NOT_EQUALS -> Operator.NOT_EQUALS;
            case GREATER -> Operator.GREATER_THAN;
            case LESS -> Operator.LESS_THAN;
            case WORD, NOT, OPEN, CLOSE, COMMA, ERROR, END ->
                throw expected(token, ", expected: in, notin, =, ==, !=, gt, lt");
        };
    }

    private List<String> values() {
        Token open = next();
        if (open.kind != Kind.OPEN) {
            throw expected(open, " expected: '('");
        }
        Token first = peek();
        if (first.kind == Kind.CLOSE) {
            next();
            return List.of("");
        }
        if (first.asValue() != Kind.WORD && first.kind != Kind.COMMA) {
            throw expected(first, ", expected: ',', ')' or identifier");
        }
        TreeSet<String> values = new TreeSet<>();
        while (true) {
            Token token = next();
            if (token.asValue() == Kind.WORD) {
                values.add(token.text);
                if (peek().kind == Kind.CLOSE) {
                    break;
                }
                if (peek().kind != Kind.COMMA) {
                    throw expected(peek(), ", expected: ',' or ')'");
                }
            } else if (token.kind == Kind.COMMA) {
                if (values.isEmpty() || peek().kind == Kind.CLOSE || peek().kind == Kind.COMMA) {
                    values.add("");
                }
                if (peek().kind == Kind.CLOSE) {
                    break;
                }
            } else {
                throw expected(token, ", expected: ',', or identifier");
            }
        }
        next();
        return List.copyOf(values);
    }

    private List<String> exactValue() {
        if (peek().kind == Kind.END || peek().kind == Kind.COMMA) {
            return List.of("");
        }
        Token token = next();
        if (token.asValue() != Kind.WORD) {
            throw expected(token, ", expected: identifier");
        }
        return List.of(token.text);
    }

    private static IllegalArgumentException expected(Token found, String what) {
        return new IllegalArgumentException("found '" + found.text + "'" + what);
    }
}
