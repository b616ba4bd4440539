package slipway.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import slipway.config.ServiceName;
import slipway.local.cloud.Pace;
import slipway.local.github.CommitStatus;

/** Two services in one configuration: while a push of the one fails, the other's goes through. */
@Order(8)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManyServicesE2E {
  private static final ServiceName TEA = new ServiceName("tea");
  private static final ServiceName COFFEE = new ServiceName("coffee");

  @TempDir private static Path folder;
  private LocalSlipway slipway;
  private String teaAtFirst;
  private String coffeeAtFirst;
  private String failing;
  private List<String> failingMeanwhile;
  private String healthy;
  private CommitStatus end;

  @BeforeAll
  void deployBothBreakOneAndPushTheOther() {
    var usual = LocalSlipway.Plan.fromSystemProperties(new Pace(10), _ -> {});
    var written = TwoServices.in(folder, usual.sources());
    slipway =
        LocalSlipway.start(
            new LocalSlipway.Plan(
                written.assembly(),
                written.sources(),
                usual.logs().resolveSibling("logs-of-two"),
                usual.pace(),
                usual.progress()));
    slipway.stack().schedules().onlyWhenTold();
    teaAtFirst = get(TEA);
    coffeeAtFirst = get(COFFEE);
    try (var clone = new Checkout(slipway.repository().cloneUrl())) {
      clone.change("tea/Drink.java", "HEALTH = 200", "HEALTH = 503");
      failing = pushed(clone, "Spill the tea");
      await(failing, "slipway/tea", "pending");
      clone.change("coffee/Drink.java", "\"coffee\"", "\"espresso\"");
      healthy = pushed(clone, "Make it stronger");
      await(healthy, "slipway/coffee", "success");
      failingMeanwhile = states(failing, "slipway/tea");
      end = await(failing, "slipway/tea", "failure");
    }
  }

  @AfterAll
  void end() {
    if (slipway != null) slipway.close();
  }

  private static String pushed(Checkout clone, String message) {
    var commit = clone.commit(message);
    clone.push();
    return commit;
  }

  private CommitStatus await(String commit, String context, String state) {
    return slipway
        .statuses()
        .first(
            "%s %s of %s".formatted(context, state, commit),
            Duration.ofSeconds(180),
            status ->
                status.commit().equals(commit)
                    && status.context().equals(context)
                    && status.state().equals(state));
  }

  private List<String> states(String commit, String context) {
    return slipway.repository().statuses(commit).stream()
        .filter(status -> status.context().equals(context))
        .map(CommitStatus::state)
        .toList();
  }

  private String get(ServiceName service) {
    try (var http = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(slipway.service(service)).build();
      return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new AssertionError(service + " does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Test
  void bothServeAfterTheFirstDeployEachAtItsOwnAddress() {
    assertThat(teaAtFirst).isEqualTo("tea");
    assertThat(coffeeAtFirst).isEqualTo("coffee");
  }

  @Test
  void theOneIsHealthyWhileTheOtherStillFails() {
    assertThat(states(healthy, "slipway/coffee")).containsExactly("pending", "success");
    assertThat(failingMeanwhile).containsExactly("pending");
    assertThat(get(COFFEE)).isEqualTo("espresso");
  }

  @Test
  void theFailureIsToldOfItsOwnServiceOnly() {
    assertThat(end.description().orElseThrow()).contains("health check");
    assertThat(states(failing, "slipway/coffee")).isEmpty();
    assertThat(states(healthy, "slipway/tea")).isEmpty();
    assertThat(get(TEA)).isEqualTo("tea");
  }

  @Test
  void noPolicyWasTooNarrow() {
    assertThat(slipway.stack().calls().all())
        .noneMatch(call -> call.error().contains("AccessDenied") || call.status() == 403);
  }
}
