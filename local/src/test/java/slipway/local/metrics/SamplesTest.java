package slipway.local.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SamplesTest {
  @Test
  void statisticsAreRightToHalfAPercent() {
    var samples = new Samples();
    for (var millis = 1; millis <= 1000; millis++) samples.add(millis);

    assertThat(samples.statistic("Average")).isEqualTo(500.5);
    assertThat(samples.statistic("Minimum")).isEqualTo(1);
    assertThat(samples.statistic("Maximum")).isEqualTo(1000);
    assertThat(samples.statistic("SampleCount")).isEqualTo(1000);
    assertThat(samples.statistic("Sum")).isEqualTo(500_500);
    for (var percent : List.of(50, 90, 99))
      assertThat(samples.statistic("p" + percent) / (10.0 * percent)).isBetween(0.994, 1.006);
    assertThat(samples.statistic("tm90") / 450.5).isBetween(0.994, 1.006);
    assertThat(samples.statistic("TC(:100)")).isBetween(99.0, 101.0);
    assertThat(samples.statistic("TC(900:)")).isBetween(95.0, 105.0);
    assertThat(samples.statistic("PR(100:200)")).isBetween(9.8, 10.2);
    assertThatThrownBy(() -> samples.statistic("IQM")).hasMessageContaining("'IQM' is not played");
  }

  @Test
  void nothingAndNegativeValuesHaveTheirOrderToo() {
    var samples = new Samples();
    for (var value : List.of(-10.0, -1.0, 0.0, 0.0, 5.0)) samples.add(value);

    assertThat(samples.statistic("p40") / -1).isBetween(0.99, 1.01);
    assertThat(samples.statistic("p80")).isZero();
    assertThat(samples.statistic("p100")).isBetween(4.97, 5.0);
    assertThat(new Samples().statistic("Average")).isNaN();
  }

  @Test
  void ofASetOfStatisticsPercentilesAreKnownOnlyIfAllAreTheSame() {
    var set = new Samples();
    set.add(3, 30, 10, 10);
    assertThat(set.statistic("p99")).isBetween(9.9, 10.0);
    set.add(2, 9, 4, 5);
    assertThat(set.statistic("Sum")).isEqualTo(39);
    assertThat(set.statistic("p99")).isNaN();
  }
}
