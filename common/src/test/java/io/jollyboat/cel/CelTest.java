package io.jollyboat.cel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cel.common.types.SimpleType;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Expressions over JSON trees: results, errors and costs, by function. */
class CelTest {

    private static final CelEnvironment ENVIRONMENT = CelEnvironment.builder()
            .variable("object", SimpleType.DYN)
            .authorizer()
            .build();
    private static final Variables OBJECT =
            Variables.of(Map.of("object", JsonMapper.shared().readTree("""
                            {"name": "web", "n": 3, "f": 2.5, "list": [3, 1, 2], "words": ["b", "a"],
                             "map": {"k": "v", "l": "w"}, "b": true, "nil": null, "a-b": 1}""")));

    private static CelOutcome run(String expression) {
        return switch (ENVIRONMENT.compile(expression)) {
            case CelProgram program -> program.evaluate(OBJECT);
            case CelCompilation.Failure failure -> new CelOutcome(null, failure.message(), 0, false);
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "object.name == 'web' && object.n > 2 && object.n < 3.5",
                "has(object.name) && !has(object.nope) && has(object.nil)",
                "object.list.all(x, x > 0) && object.list.exists(x, x == 2) && object.list.exists_one(x, x > 2)",
                "object.list.map(x, x * 2) == [6, 2, 4] && object.list.filter(x, x > 1) == [3, 2]",
                "object.list.map(x, x > 1, x + 1) == [4, 3]",
                "object.map.all(k, object.map[k] in ['v', 'w']) && 'k' in object.map && !('z' in object.map)",
                "object.map.transformMap(k, v, v + k) == {'k': 'vk', 'l': 'wl'}",
                "object.list.transformList(i, v, i + v) == [3, 2, 4] && object.list.exists(i, v, i == 2 && v == 2)",
                "object.map.transformMapEntry(k, v, {v: k}) == {'v': 'k', 'w': 'l'}",
                "object.list.sort() == [1, 2, 3] && object.words.sortBy(w, w) == ['a', 'b']",
                "object.?name.orValue('x') == 'web' && object.?nope.orValue('x') == 'x' && !object.?nope.?deep.hasValue()",
                "object.?name.optMap(n, n + '!').value() == 'web!' && object[?'nope'] == optional.none()",
                "optional.ofNonZeroValue('') == optional.none() && [1, ?optional.none()] == [1]",
                "object.list.sum() == 6 && object.list.min() == 1 && object.list.max() == 3 && !object.list.isSorted()",
                "[1, 2, 2].distinct() == [1, 2] && lists.range(3) == [0, 1, 2] && [[1], [2]].flatten() == [1, 2]",
                "[1, 2, 3].slice(1, 3) == [2, 3] && [1, 2].reverse() == [2, 1] && [5, 6].indexOf(6) == 1",
                "sets.contains([1, 2], [2]) && sets.equivalent([1], [1, 1]) && !sets.intersects([1], [2])",
                "'abc'.upperAscii() == 'ABC' && 'a,b'.split(',') == ['a', 'b'] && ['a', 'b'].join('-') == 'a-b'",
                "'aXbX'.replace('X', 'y', 1) == 'aybX' && ' x '.trim() == 'x' && 'abc'.substring(1, 2) == 'b'",
                "'abc'.charAt(3) == '' && 'abcb'.lastIndexOf('b') == 3 && 'ab'.replace('', '-') == '-a-b-'",
                "'%s %d %.2f %x %b'.format([dyn('a'), dyn(1), dyn(1.005), dyn(255), dyn(true)]) == 'a 1 1.00 ff 1'",
                "'%s'.format([[dyn(1), dyn('a'), {'k': duration('1s')}]]) == '[1, \"a\", {\"k\":duration(\"1s\")}]'",
                "'abc123'.find('[0-9]+') == '123' && 'a1b2'.findAll('[0-9]') == ['1', '2'] && 'abc'.matches('^a.c$')",
                "url('https://u@h.io:80/a b?x=1&x=2').getHost() == 'h.io:80'",
                "url('https://h.io/p?x=1&x=2').getQuery() == {'x': ['1', '2']} && !isURL('../x') && isURL('/x')",
                "quantity('1Gi').isGreaterThan(quantity('1G')) && quantity('500m').add(1) == quantity('1.5')",
                "isQuantity('1') && !isQuantity('1x') && quantity('50M').asInteger() == 50000000",
                "ip('10.0.0.1').family() == 4 && isIP('::1') && !isIP('1.2.3') && ip('::1').isLoopback()",
                "cidr('10.0.0.0/8').containsIP('10.1.2.3') && cidr('10.0.0.1/24').masked() == cidr('10.0.0.0/24')",
                "string(ip('2001:db8:0:0:0:0:0:1')) == '2001:db8::1' && ip.isCanonical('::1') && !ip.isCanonical('0::1')",
                "cidr('10.0.0.0/8').containsCIDR(cidr('10.1.0.0/16')) && cidr('::/0').ip() == ip('::')",
                "format.dns1123Label().validate('ok') == optional.none() && format.named('uuid').hasValue()",
                "format.dns1123Label().validate('Not').hasValue() && !format.named('nope').hasValue()",
                "semver('1.2.3').major() == 1 && semver('1.0.0-a').isLessThan(semver('1.0.0')) && isSemver('v1.2', true)",
                "duration('1h30m').getMinutes() == 90 && timestamp('2024-02-29T12:00:00Z').getDayOfMonth() == 28",
                "timestamp('2024-01-01T00:00:00Z') + duration('1h') == timestamp('2024-01-01T01:00:00Z')",
                "string(duration('90s')) == '90s' && string(timestamp('2024-01-01T00:00:00Z')) == '2024-01-01T00:00:00Z'",
                "string(1.5) == '1.5' && string(1e25) == '1e+25' && int('5') == 5 && double('1.5') == 1.5 && uint(3) == 3u",
                "type(object.n) == int && type(object.f) == double && type(object.list) == list && type('') == string",
                "type(ip('::1')) == net.IP && type(null) == null_type",
                "dyn(1) == 1.0 && 1u < 2 && {1: 'a'}[dyn(1.0)] == 'a' && bytes('a') == b'a' && size('äö') == 2",
                "(object.b ? object.map : object).k == 'v' && (true || object.nope) && !(false && object.nope)",
                "object.list.exists(x, x == 3 || object.nope) && object[\"a-b\"] == 1",
                "strings.quote('a\"b') == '\"a\\\\\"b\"' && object.words.lastIndexOf('a') == 1",
            })
    void holds(String expression) {
        CelOutcome outcome = run(expression);
        assertThat(outcome.error()).isNull();
        assertThat(outcome.value()).isEqualTo(true);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "object.nope == 1 | no such key: nope",
                "object.list[5] == 1 | index out of bounds: 5",
                "object.name + 1 == 2 | no such overload",
                "object.name.size() / 0 == 1 | division by zero",
                "9223372036854775807 + object.n == 1 | integer overflow",
                "object.n.startsWith('a') | no such overload",
                "object.n.lowerAscii() == 'a' | no such overload: lowerAscii(int)",
                "quantity('1x') == quantity('1') | quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
                "[].min() == 1 | min called on empty list",
                "optional.none().value() == 1 | optional.none() dereference",
                "object.list.all(x, x > 0 && object.nope) | no such key: nope",
                "int(object.name) == 1 | type conversion error from 'string' to 'int'",
                "[1,2].slice(2, 1) == [] | cannot slice(2, 1), start index must be less than or equal to end index",
                "true < object.n | no such overload",
            })
    void fails(String expression, String error) {
        assertThat(run(expression).error()).isEqualTo(error);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "foo == 1 | ERROR: <input>:1:1: undeclared reference to 'foo' (in container '')",
                "object.x == | ERROR: <input>:1:12: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}",
                "object.x = 1 | ERROR: <input>:1:10: Syntax error: token recognition error at: '= '",
                "'a' + 1 | ERROR: <input>:1:5: found no matching overload for '_+_' applied to '(string, int)'",
                "duration('x') == duration('1s') | ERROR: <input>:1:10: invalid duration argument",
                "'x'.matches('[') | ERROR: <input>:1:13: invalid matches argument",
                "[1, 'a'] == [] | ERROR: <input>:1:5: expected type 'int' but found 'string'",
                "'a'.startsWith(1) | ERROR: <input>:1:15: found no matching overload for 'startsWith' applied to 'string.(int)'",
                "object.list.all(x, y, x, z) | ERROR: <input>:1:16: undeclared reference to 'all' (in container '')",
                "timestamp('2024-01-01T00:00:00Z') > 1 | ERROR: <input>:1:35: found no matching overload for '_>_' applied to '(timestamp, int)'",
            })
    void doesNotCompile(String expression, String error) {
        assertThat(run(expression).error()).startsWith("compilation failed: " + error);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "object.name | 2",
                "object.name == 'web' | 3",
                "has(object.name) | 1",
                "object.list.all(x, true) | 12",
                "object.list.map(x, x) | 42",
                "[1, 2, 3] | 0",
                "[object.n] | 12",
                "{'a': object.n} | 32",
                "object.n in [1, 2, 3] | 2",
                "object.list[0] | 3",
                "object.list.sum() | 5",
                "'abc'.lowerAscii() | 1",
                "object.b ? object.n : object.f | 3",
                "authorizer.path('/x') | 2",
            })
    void costs(String expression, long cost) {
        CelOutcome outcome = switch (ENVIRONMENT.compile(expression)) {
            case CelProgram program ->
                program.evaluate(name ->
                        name.equals("authorizer") ? new AuthorizerFunctions.Authorizer(null) : OBJECT.find(name));
            case CelCompilation.Failure failure -> new CelOutcome(null, failure.message(), 0, false);
        };
        assertThat(outcome.error()).isNull();
        assertThat(outcome.cost()).isEqualTo(cost);
    }

    @Test
    void costLimitEndsAnEvaluation() {
        CelOutcome outcome =
                run("lists.range(1000).all(a, lists.range(1000).all(b, lists.range(1000).all(c, a + b + c >= 0)))");
        assertThat(outcome.costExceeded()).isTrue();
        assertThat(outcome.error()).isEqualTo("operation cancelled: actual cost limit exceeded");
        assertThat(outcome.cost()).isBetween(CelProgram.PER_CALL_LIMIT, CelProgram.PER_CALL_LIMIT + 2000);
    }

    @Test
    void propertyNamesEscape() {
        assertThat(PropertyNames.escape("a-b.c/d__e")).isEqualTo("a__dash__b__dot__c__slash__d__underscores__e");
        assertThat(PropertyNames.unescape("a__dash__b__dot__c__slash__d__underscores__e"))
                .isEqualTo("a-b.c/d__e");
        assertThat(PropertyNames.escape("namespace")).isEqualTo("__namespace__");
        assertThat(PropertyNames.unescape("__namespace__")).isEqualTo("namespace");
        assertThat(PropertyNames.escape("a$")).isNull();
        assertThat(PropertyNames.unescape("a__nope__b")).isNull();
    }
}
