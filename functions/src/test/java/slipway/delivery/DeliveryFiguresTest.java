package slipway.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import slipway.delivery.DeliveryHistory.Delivered;
import slipway.delivery.PastRollout.End;

class DeliveryFiguresTest {
  private static final Duration MONTH = Duration.ofDays(30);
  private static final Instant BEGIN = Instant.parse("2026-11-01T00:00:00Z");
  private static final Instant UNTIL = BEGIN.plus(MONTH);

  private static Instant minute(int n) {
    return BEGIN.plus(Duration.ofMinutes(n));
  }

  /** Brings a commit, begins then, ten minutes after its push, and ends after five. */
  private static PastRollout push(int minute, String commit, End end) {
    return new PastRollout(
        id(minute),
        true,
        List.of(commit),
        end,
        minute(minute),
        Optional.of(minute(minute - 10)),
        end == End.IN_PROGRESS ? Optional.empty() : Optional.of(minute(minute + 5)),
        Optional.empty());
  }

  private static String id(int minute) {
    return "%05d".formatted(minute);
  }

  /** What a person, a template or somebody else asked for. */
  private static PastRollout other(int minute, End end) {
    var push = push(minute, "c", end);
    return new PastRollout(
        push.id(),
        false,
        List.of(),
        end,
        push.startedAt(),
        Optional.empty(),
        push.endedAt(),
        Optional.empty());
  }

  private static PastRollout restored(PastRollout failed, int minute) {
    return new PastRollout(
        failed.id(),
        failed.pushed(),
        failed.commits(),
        failed.end(),
        failed.startedAt(),
        failed.pushedAt(),
        failed.endedAt(),
        Optional.of(minute(minute)));
  }

  private static DeliveryFigures figures(PastRollout... rollouts) {
    return figures(Map.of(), rollouts);
  }

  private static DeliveryFigures figures(Map<String, Instant> takenBack, PastRollout... rollouts) {
    return DeliveryFigures.of(new Delivered(Arrays.asList(rollouts), takenBack), MONTH, UNTIL);
  }

  private static Optional<Duration> minutes(int n) {
    return Optional.of(Duration.ofMinutes(n));
  }

  @Test
  void nothingDeliveredIsZeroAndNoRate() {
    var figures = figures();

    assertThat(figures)
        .isEqualTo(new DeliveryFigures(MONTH, 0, 0, Optional.empty(), 0, Optional.empty()));
    assertThat(figures.failureRate()).isEmpty();
    assertThat(figures.perDay()).isZero();
  }

  @Test
  void threeOfFourChangesAreDeployed() {
    var figures =
        figures(
            push(100, "a", End.HEALTHY),
            restored(push(200, "b", End.FAILED), 212),
            push(300, "c", End.HEALTHY),
            push(400, "d", End.HEALTHY));

    assertThat(figures).isEqualTo(new DeliveryFigures(MONTH, 4, 3, minutes(15), 1, minutes(12)));
    assertThat(figures.failureRate()).hasValue(25);
    assertThat(figures.perDay()).isCloseTo(0.1, within(1e-9));
  }

  @Test
  void whatWasNotPushedIsNoChange() {
    assertThat(figures(other(100, End.HEALTHY), other(200, End.FAILED)).changes()).isZero();
  }

  @Test
  void whatIsOnItsWayOrWasOvertakenIsNoChange() {
    assertThat(figures(push(100, "a", End.SUPERSEDED), push(200, "b", End.IN_PROGRESS)).changes())
        .isZero();
  }

  @Test
  void aCommitThatComesBackIsNoChange() {
    var figures =
        figures(
            push(100, "a", End.HEALTHY),
            push(200, "b", End.HEALTHY),
            other(300, End.HEALTHY),
            push(400, "b", End.HEALTHY));

    assertThat(figures.changes()).isEqualTo(2);
    assertThat(figures.deployments()).isEqualTo(2);
  }

  @Test
  void aCommitThatFailedAndComesAgainIsAnotherChange() {
    assertThat(figures(push(100, "a", End.FAILED), push(200, "a", End.HEALTHY)))
        .isEqualTo(new DeliveryFigures(MONTH, 2, 1, minutes(15), 1, minutes(105)));
  }

  @Test
  void aHealthyChangeThatPeopleTakeBackFailedUntilThePinServes() {
    var figures =
        figures(
            Map.of(id(200), minute(260)),
            push(100, "a", End.HEALTHY),
            push(200, "b", End.HEALTHY),
            push(240, "c", End.FAILED),
            other(261, End.HEALTHY));

    assertThat(figures.deployments()).isEqualTo(2);
    assertThat(figures.failed()).isEqualTo(2);
    // The second failed from minute 200 to 266, the third from 240 to 266: 66 and 26.
    assertThat(figures.restored()).isEqualTo(minutes(46));
  }

  @Test
  void aChangeThatPeopleTakeBackOnItsWayFailedToo() {
    assertThat(
            figures(
                Map.of(id(200), minute(202)),
                push(200, "b", End.SUPERSEDED),
                other(203, End.HEALTHY)))
        .isEqualTo(new DeliveryFigures(MONTH, 1, 0, Optional.empty(), 1, minutes(8)));
  }

  @Test
  void whatIsNotRestoredYetHasNoTime() {
    var figures = figures(push(100, "a", End.HEALTHY), push(200, "b", End.FAILED));

    assertThat(figures.failed()).isEqualTo(1);
    assertThat(figures.restored()).isEmpty();
  }

  @Test
  void theEarlierOfTwoWaysToServeAgainCounts() {
    assertThat(
            figures(restored(push(200, "b", End.FAILED), 209), push(210, "c", End.HEALTHY))
                .restored())
        .isEqualTo(minutes(9));
  }

  @Test
  void leadTimeIsTheMedianOfThoseThatTellIt() {
    var slow = push(1000, "b", End.HEALTHY);
    var figures =
        figures(
            push(100, "a", End.HEALTHY),
            pushed(slow, minute(0)),
            pushed(push(2000, "c", End.HEALTHY), minute(9000)),
            new PastRollout(
                id(3000),
                true,
                List.of("d"),
                End.HEALTHY,
                minute(3000),
                Optional.empty(),
                Optional.of(minute(3001)),
                Optional.empty()));

    // 15 and 1005; a push after the end is somebody's wrong clock.
    assertThat(figures.leadTime()).isEqualTo(minutes(510));
    assertThat(figures.deployments()).isEqualTo(4);
  }

  private static PastRollout pushed(PastRollout it, Instant at) {
    return new PastRollout(
        it.id(),
        it.pushed(),
        it.commits(),
        it.end(),
        it.startedAt(),
        Optional.of(at),
        it.endedAt(),
        it.restoredAt());
  }

  @Test
  void onlyWhatBeganInTheTimeCounts() {
    assertThat(
            figures(
                    push(-1, "a", End.HEALTHY),
                    push(0, "b", End.HEALTHY),
                    push(30 * 24 * 60, "c", End.HEALTHY))
                .changes())
        .isEqualTo(1);
  }

  @Property(tries = 300)
  void figuresFitTogetherWhateverHappened(@ForAll @Size(max = 30) List<End> ends) {
    var rollouts = new PastRollout[ends.size()];
    for (int n = 0; n < ends.size(); n++) rollouts[n] = push(20 * n, "c" + n / 2, ends.get(n));

    var figures = figures(rollouts);

    assertThat(figures.failed() + figures.deployments()).isEqualTo(figures.changes());
    assertThat(figures.changes()).isLessThanOrEqualTo(ends.size());
    figures.failureRate().ifPresent(rate -> assertThat(rate).isBetween(0.0, 100.0));
    figures.restored().ifPresent(time -> assertThat(time).isPositive());
  }
}
