package slipway.local.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import slipway.local.cloud.Pace;

class ExpressionTest {
  private static final Instant NOON = Instant.parse("2026-08-04T12:00:00Z");
  private final MetricStore store = new MetricStore(new Minutes(new Pace(1)));

  /** a: 1 2 – 4, b: 10 – – 0. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a | 1 2 - 4",
        "a + 1 | 2 3 - 5",
        "1 + 2 * 3 | 7 7 7 7",
        "(1 + 2) * 3 | 9 9 9 9",
        "-a - -1 | 0 -1 - -3",
        "8 - 2 - 1 | 5 5 5 5",
        "2 ^ 3 ^ 0 | 2 2 2 2",
        "a / b | 0.1 - - -",
        "1e2 * .5 | 50 50 50 50",
        "MIN([a, b]) | 1 2 - 0",
        "MAX([a,b]) | 10 2 - 4",
        "SUM([a, b, 1]) | 12 3 1 5",
        "AVG([a, b]) | 5.5 2 - 2",
        "MAX(a) | 4 4 4 4",
        "a / SUM(a) * 70 | 10 20 - 40",
        "FILL(a, 0) | 1 2 0 4",
        "FILL(b, REPEAT) | 10 10 10 0",
        "SUM(FILL([a, b], 1)) | 11 3 2 4",
        "IF(a > 1, b, 9) | 9 - - 0",
        "IF(a >= 4 AND a <= 4 OR b == 10, 1) | 1 - - 1",
        "a != 2 && b < 100 | 1 - - 1"
      })
  void anExpressionIsWorkedOutForEachSlot(String expression, String expected) {
    add("A", 1, 2, Double.NaN, 4);
    add("B", 10, Double.NaN, Double.NaN, 0);
    var queries = List.of(stat("a", "A"), stat("b", "B"), Query.math("e", expression, true));
    var values = Evaluation.of(store, queries, new Grid(store.minutes().index(NOON), 1, 4));

    assertThat(
            Arrays.stream(values)
                .mapToObj(v -> Double.isNaN(v) ? "-" : String.valueOf(v).replace(".0", "")))
        .containsExactly(expected.split(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "a + | it ends too early",
        "a b | 'b' is not expected",
        "(a | ')' is missing",
        "a $ b | '$ b' is not understood",
        "MIN(a, b) | MIN takes 1 arguments, not 2",
        "IF(a) | IF takes 2 or 3 arguments, not 1",
        "RATE(a) | the function RATE is not played",
        "SUM(METRICS()) | the function METRICS is not played",
        "FILL(a, LINEAR) | LINEAR is not played"
      })
  void whatIsNoExpressionOrNotPlayedIsNamed(String expression, String why) {
    assertThatThrownBy(() -> Expression.parse(expression))
        .isInstanceOf(
            why.contains("not played")
                ? UnsupportedOperationException.class
                : IllegalArgumentException.class)
        .hasMessageContaining("metric math '" + expression + "'")
        .hasMessageContaining(why);
  }

  @Test
  void expressionsMayUseEachOtherButNotThemselves() {
    add("A", 1);
    var grid = new Grid(store.minutes().index(NOON), 1, 1);
    var chain =
        List.of(stat("a", "A"), Query.math("b", "a + 1", false), Query.math("c", "b * 10", true));
    assertThat(Evaluation.of(store, chain, grid)).containsExactly(20);
    var circle = List.of(Query.math("b", "c", false), Query.math("c", "b", true));
    assertThatThrownBy(() -> Evaluation.of(store, circle, grid)).hasMessageContaining("itself");
  }

  private static Query stat(String id, String metric) {
    return Query.stat(id, Metric.of("Shop", metric, Map.of()), 60, "Sum", false);
  }

  private void add(String metric, double... values) {
    for (var minute = 0; minute < values.length; minute++)
      if (!Double.isNaN(values[minute]))
        store.add(
            Metric.of("Shop", metric, Map.of()), NOON.plusSeconds(60L * minute), values[minute]);
  }
}
