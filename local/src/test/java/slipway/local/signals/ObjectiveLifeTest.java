package slipway.local.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static slipway.local.signals.PlayedSignals.NOON;
import static slipway.local.signals.PlayedSignals.ROLL;
import static slipway.local.signals.PlayedSignals.availability;
import static slipway.local.signals.PlayedSignals.periods;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import slipway.local.cloud.AwsService.Permission;
import slipway.local.metrics.Evaluation;
import slipway.local.metrics.Grid;
import slipway.local.metrics.Metric;
import slipway.local.metrics.Query;
import software.amazon.awssdk.services.applicationsignals.model.BurnRateConfiguration;
import software.amazon.awssdk.services.applicationsignals.model.DurationUnit;
import software.amazon.awssdk.services.applicationsignals.model.ExclusionWindow;
import software.amazon.awssdk.services.applicationsignals.model.ResourceNotFoundException;

/** What becomes of an objective with time: what is taken out of it, and its metrics. */
class ObjectiveLifeTest {
  private PlayedSignals played;

  @BeforeEach
  void start() throws Exception {
    played = new PlayedSignals(PlayedSignals.LIMITS);
    played.served(ROLL, Request.Outcome.OK);
    played.served("GET /about", Request.Outcome.OK);
  }

  @AfterEach
  void stop() {
    played.close();
  }

  @Test
  void exclusionWindowsAreAddedListedAndRemovedExactly() {
    played.create(periods("dice all", 99, "GreaterThan", metric -> availability(metric)));
    var arn = "arn:aws:application-signals:ap-northeast-1:123456789012:slo/dice all";
    var maintenance =
        ExclusionWindow.builder()
            .window(w -> w.durationUnit(DurationUnit.HOUR).duration(2))
            .startTime(Instant.parse("2026-08-05T00:00:00Z"))
            .recurrenceRule(r -> r.expression("cron(0 0 ? * SUN *)"))
            .reason("weekly works")
            .build();
    var now = ExclusionWindow.builder().window(w -> w.durationUnit("MINUTE").duration(2)).build();
    played.wire.needed.clear();

    var added =
        played.client.batchUpdateExclusionWindows(
            r -> r.sloIds("dice all", "none").addExclusionWindows(maintenance, now));
    assertThat(added.sloIds()).containsExactly("dice all");
    assertThat(added.errors())
        .extracting(error -> error.sloId() + ": " + error.errorCode())
        .containsExactly("none: ResourceNotFoundException");
    var listed =
        played.client.listServiceLevelObjectiveExclusionWindowsPaginator(
            r -> r.id(arn).maxResults(1));
    assertThat(listed.exclusionWindows())
        .containsExactly(maintenance, now.toBuilder().startTime(NOON).build());
    assertThat(played.wire.needed)
        .contains(
            new Permission("application-signals:BatchUpdateExclusionWindows", arn),
            new Permission("application-signals:ListServiceLevelObjectiveExclusionWindows", arn));

    var inexact =
        played.client.batchUpdateExclusionWindows(
            r ->
                r.sloIds("dice all")
                    .removeExclusionWindows(maintenance.toBuilder().reason("other works").build()));
    assertThat(inexact.errors())
        .extracting(error -> error.errorCode())
        .containsExactly("ValidationException");
    played.client.batchUpdateExclusionWindows(
        r -> r.sloIds("dice all").removeExclusionWindows(maintenance));
    assertThat(
            played
                .client
                .listServiceLevelObjectiveExclusionWindows(r -> r.id("dice all"))
                .exclusionWindows())
        .hasSize(1);
    var ten = java.util.Collections.nCopies(10, maintenance);
    assertThat(
            played
                .client
                .batchUpdateExclusionWindows(r -> r.sloIds("dice all").addExclusionWindows(ten))
                .errors())
        .extracting(error -> error.errorMessage())
        .containsExactly("'dice all' would have 11 exclusion windows: want at most 10");
    assertThatThrownBy(
            () -> played.client.listServiceLevelObjectiveExclusionWindows(r -> r.id("none")))
        .isInstanceOf(ResourceNotFoundException.class);

    // The one that is left takes two minutes out.
    for (var minute = 0; minute < 4; minute++) {
      played.minute(minute);
      played.served(ROLL, Request.Outcome.FAULT);
    }
    played.minute(4);
    assertThat(played.report("dice all").attainment()).isEqualTo(50);
  }

  @Test
  void burnRatesAttainmentAndBreachesAreMetricsOfTheObjective() {
    played.create(
        r ->
            periods("dice all", 99, "GreaterThan", PlayedSignals::availability)
                .andThen(
                    create ->
                        create.burnRateConfigurations(
                            BurnRateConfiguration.builder().lookBackWindowMinutes(2).build(),
                            BurnRateConfiguration.builder().lookBackWindowMinutes(60).build()))
                .accept(r));
    for (var minute = 1; minute < 4; minute++) {
      played.minute(minute);
      played.served(ROLL, Request.Outcome.FAULT);
    }
    played.minute(4);

    assertThat(played.store.metrics())
        .filteredOn(metric -> metric.namespace().equals("AWS/ApplicationSignals"))
        .extracting(metric -> metric.name() + metric.dimensions())
        .containsExactly(
            "AttainmentRate{SloName=dice all}",
            "BreachedCount{SloName=dice all}",
            "BurnRate{BurnRateWindowMinutes=2, SloName=dice all}",
            "BurnRate{BurnRateWindowMinutes=60, SloName=dice all}");
    assertThat(last("BurnRate", Map.of("SloName", "dice all", "BurnRateWindowMinutes", "2")))
        .isEqualTo(100);
    assertThat(last("BurnRate", Map.of("SloName", "dice all", "BurnRateWindowMinutes", "60")))
        .isEqualTo(75);
    assertThat(last("AttainmentRate", Map.of("SloName", "dice all"))).isEqualTo(25);
    assertThat(last("BreachedCount", Map.of("SloName", "dice all"))).isZero();
    assertThat(last("BurnRate", Map.of("SloName", "dice all", "BurnRateWindowMinutes", "5")))
        .isNaN();
  }

  private double last(String metric, Map<String, String> dimensions) {
    var grid = new Grid(played.store.minutes().index(played.clock.instant()) - 1, 1, 1);
    return Evaluation.of(
        played.store,
        List.of(
            Query.stat(
                "m", Metric.of("AWS/ApplicationSignals", metric, dimensions), 60, "Maximum", true)),
        grid)[0];
  }
}
