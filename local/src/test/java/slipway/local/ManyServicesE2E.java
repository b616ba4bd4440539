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
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import slipway.config.ServiceName;
import slipway.json.Json;
import slipway.local.cloud.Pace;
import slipway.local.github.CommitStatus;

/**
 * Two services in one configuration, each with a repository of its own: while a push of the one
 * fails, the other's goes through. The other is a canary: a person takes one back on its way, and
 * one that cannot start is told as the failure that it is.
 */
@Order(8)
@Execution(ExecutionMode.CONCURRENT) // has a stack of its own, so the others need not wait
@ExtendWith(Evidence.OfTheRun.class)
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
  private String takenBack;
  private Json rollback;
  private String crashing;
  private CommitStatus crash;

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
    try (var tea = new Checkout(slipway.github().repository("example/tea").cloneUrl());
        var coffee = new Checkout(slipway.github().repository("example/coffee").cloneUrl())) {
      failing =
          tea.change("tea/Drink.java", "HEALTH = 200", "HEALTH = 503").commit("Spill the tea");
      tea.push();
      await(failing, "slipway/tea", "pending");
      coffee.git("switch", "-q", "roast");
      healthy = coffee.change("coffee/Drink.java", "\"coffee\"", "\"espresso\"").commit("Stronger");
      coffee.git("push", "-q", "origin", "roast");
      await(healthy, "slipway/coffee", "success");
      failingMeanwhile = states("example/tea", failing, "slipway/tea");
      takeACanaryBackAndLetOneCrash(coffee);
      end = await(failing, "slipway/tea", "failure");
    }
  }

  private void takeACanaryBackAndLetOneCrash(Checkout coffee) {
    takenBack = coffee.change("coffee/Drink.java", "\"espresso\"", "\"decaf\"").commit("Weaker");
    coffee.git("push", "-q", "origin", "roast");
    await(takenBack, "slipway/coffee", "pending");
    rollback =
        Orders.give(
            slipway.stack(), "{'service':'coffee','rollback':true,'by':'ann','reason':'too weak'}");
    await(takenBack, "slipway/coffee", "error");
    crashing =
        coffee.change("coffee/Drink.java", "server.start();", "System.exit(7);").commit("Spill");
    coffee.git("push", "-q", "origin", "roast");
    await(crashing, "slipway/build", "success");
    Orders.give(slipway.stack(), Json.write(rollback.at("undo").value()));
    crash = await(crashing, "slipway/coffee", "failure");
  }

  @AfterAll
  void end(Evidence evidence) {
    if (slipway == null) return;
    evidence.add(slipway.stack());
    slipway.close();
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

  private List<String> states(String repository, String commit, String context) {
    return slipway.github().repository(repository).statuses(commit).stream()
        .filter(status -> status.context().equals(context))
        .map(CommitStatus::state)
        .toList();
  }

  private List<String> told(String repository, String commit, String context) {
    return slipway.github().repository(repository).statuses(commit).stream()
        .filter(status -> status.context().equals(context))
        .flatMap(status -> status.description().stream())
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
    assertThat(states("example/coffee", healthy, "slipway/coffee"))
        .startsWith("pending", "success");
    assertThat(failingMeanwhile).containsExactly("pending");
    assertThat(get(COFFEE)).isEqualTo("espresso");
  }

  @Test
  void whatACanaryDoesIsSaidWhenItBegins() {
    assertThat(told("example/coffee", healthy, "slipway/coffee").getFirst())
        .endsWith(": 50 % of the requests for 1 minute, then all, and 1 minute to go back at once");
  }

  @Test
  void aCanaryThatAPersonTookBackIsNoFailureAndNeverServesAlone() {
    assertThat(rollback.at("done").text()).startsWith("rolled back, pinned to ");
    assertThat(told("example/coffee", takenBack, "slipway/coffee").getLast())
        .contains(" was taken back before it was healthy: pinned to rollout ");
    assertThat(slipway.stack().calls().all())
        .anyMatch(
            call -> call.operation().equals("StopServiceDeployment") && call.error().isEmpty());
  }

  @Test
  void aCanaryThatCannotStartIsReportedFailedWithItsReason() {
    assertThat(crash.description().orElseThrow())
        .contains("failed", "app exited with code 7 (3 tasks)");
    assertThat(get(COFFEE)).isEqualTo("espresso");
  }

  @Test
  void theFailureIsToldOfItsOwnServiceOnly() {
    assertThat(end.description().orElseThrow()).contains("health check");
    assertThat(states("example/tea", failing, "slipway/coffee")).isEmpty();
    assertThat(states("example/coffee", healthy, "slipway/tea")).isEmpty();
    assertThat(get(TEA)).isEqualTo("tea");
  }

  @Test
  void noPolicyWasTooNarrow() {
    assertThat(slipway.stack().calls().all())
        .noneMatch(call -> call.error().contains("AccessDenied") || call.status() == 403);
  }
}
