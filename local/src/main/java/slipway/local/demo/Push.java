package slipway.local.demo;

import java.util.concurrent.CompletableFuture;
import slipway.json.Json;
import slipway.local.LocalSlipway;
import slipway.local.github.CommitStatus;
import slipway.local.github.Delivery;

/**
 * What is to come of a push; asked for before it is made, so that nothing is missed.
 *
 * @param delivered the webhook was sent
 * @param built the build ended, well or not
 * @param rolling the rollout began: its revision is registered and being deployed
 * @param drained a task that served before has stopped
 * @param failed ECS gave the deployment up
 * @param rolledBack ECS began to go back
 * @param ended the rollout ended, well or not
 */
record Push(
    CompletableFuture<Delivery> delivered,
    CompletableFuture<CommitStatus> built,
    CompletableFuture<CommitStatus> rolling,
    CompletableFuture<Json> drained,
    CompletableFuture<Json> failed,
    CompletableFuture<Json> rolledBack,
    CompletableFuture<CommitStatus> ended) {

  static Push of(String commit, String service, LocalSlipway slipway) {
    var rollout = "slipway/" + service;
    return new Push(
        slipway.deliveries().next(delivery -> delivery.event().equals("push")),
        slipway.statuses().next(status -> is(status, commit, "slipway/build") && !pending(status)),
        slipway.statuses().next(status -> is(status, commit, rollout)),
        slipway
            .events()
            .next(
                event ->
                    is(event, "ECS Task State Change")
                        && event.at("detail").at("lastStatus").text().equals("STOPPED")),
        slipway.events().next(event -> deployment(event, "SERVICE_DEPLOYMENT_FAILED", "")),
        slipway
            .events()
            .next(event -> deployment(event, "SERVICE_DEPLOYMENT_IN_PROGRESS", "rolling back")),
        slipway.statuses().next(status -> is(status, commit, rollout) && !pending(status)));
  }

  private static boolean is(CommitStatus status, String commit, String context) {
    return status.commit().equals(commit) && status.context().equals(context);
  }

  private static boolean pending(CommitStatus status) {
    return status.state().equals("pending");
  }

  private static boolean is(Json event, String detailType) {
    return event.at("detail-type").text().equals(detailType);
  }

  private static boolean deployment(Json event, String name, String reason) {
    return is(event, "ECS Deployment State Change")
        && event.at("detail").at("eventName").text().equals(name)
        && event.at("detail").at("reason").text().contains(reason);
  }
}
