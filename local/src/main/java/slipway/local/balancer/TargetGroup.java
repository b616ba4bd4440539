package slipway.local.balancer;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import slipway.json.Json;
import slipway.local.cloud.Pace;
import slipway.local.ecs.Targets.Health;

/** A target group: who is in it, who is healthy, and whose turn it is. */
final class TargetGroup {
  private final String name;
  private final String arn;
  private volatile Json properties;
  private final Pace pace;
  private final HttpClient client;
  private final List<Target> targets = new ArrayList<>();
  private int turn;
  private boolean closed;

  TargetGroup(String name, String arn, Json properties, Pace pace, HttpClient client) {
    this.name = name;
    this.arn = arn;
    this.properties = properties;
    this.pace = pace;
    this.client = client;
  }

  String name() {
    return name;
  }

  /** From the next health check, and the next deregistration, on. */
  void become(Json changed) {
    properties = changed;
  }

  String arn() {
    return arn;
  }

  synchronized void register(int port, Runnable onChange) {
    if (closed) return;
    var target = new Target(port, onChange);
    targets.add(target);
    Thread.ofVirtual().name("health of " + name + " " + port).start(() -> watch(target));
  }

  CompletableFuture<Void> deregister(int port) {
    var target = find(port);
    if (target.isEmpty()) return CompletableFuture.completedFuture(null);
    return target.get().drain(pace.of(deregistrationDelay())).thenRun(() -> remove(target.get()));
  }

  private synchronized void remove(Target target) {
    targets.remove(target);
  }

  synchronized Optional<Target> find(int port) {
    return targets.stream().filter(target -> target.port() == port).findFirst();
  }

  synchronized List<Target> all() {
    return List.copyOf(targets);
  }

  /** The next healthy target, by turns; its {@link Target#done} must be called. */
  synchronized Optional<Target> take() {
    for (int i = 0; i < targets.size(); i++) {
      turn = (turn + 1) % targets.size();
      var target = targets.get(turn);
      if (target.take()) return Optional.of(target);
    }
    return Optional.empty();
  }

  synchronized void close() {
    closed = true;
    targets.forEach(target -> target.drain(Duration.ZERO));
  }

  private void watch(Target target) {
    try {
      do {
        var result = check(target.port());
        if (target.draining()) return;
        target.checked(
            result, setting("HealthyThresholdCount", 5), setting("UnhealthyThresholdCount", 2));
      } while (!target.leaves(
          pace.of(Duration.ofSeconds(setting("HealthCheckIntervalSeconds", 30)))));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private Target.Check check(int port) throws InterruptedException {
    var path = properties.at("HealthCheckPath").optionalText().orElse("/");
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("User-Agent", "ELB-HealthChecker/2.0")
            // Not paced: the target computes no faster here than on AWS.
            .timeout(Duration.ofSeconds(setting("HealthCheckTimeoutSeconds", 5)))
            .build();
    try {
      var status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      return new Target.Check(
          matches(status) ? Health.HEALTHY : Health.WRONG,
          Target.FAILED + " with these codes: [" + status + "]");
    } catch (HttpTimeoutException _) {
      return new Target.Check(Health.SILENT, "Request timed out");
    } catch (IOException _) {
      return new Target.Check(Health.SILENT, Target.FAILED);
    }
  }

  /** By {@code Matcher}: {@code 200}, {@code 200,204} or {@code 200-299}. */
  private boolean matches(int status) {
    var wanted = properties.at("Matcher").at("HttpCode").optionalText().orElse("200");
    for (var part : wanted.split(",")) {
      var bounds = part.trim().split("-");
      var from = Integer.parseInt(bounds[0]);
      var to = Integer.parseInt(bounds[bounds.length - 1]);
      if (status >= from && status <= to) return true;
    }
    return false;
  }

  private Duration deregistrationDelay() {
    return properties.at("TargetGroupAttributes").items().stream()
        .filter(a -> a.at("Key").text().equals("deregistration_delay.timeout_seconds"))
        .map(a -> Duration.ofSeconds(Long.parseLong(String.valueOf(a.at("Value").value()))))
        .findFirst()
        .orElse(Duration.ofSeconds(300));
  }

  private int setting(String member, int otherwise) {
    var value = properties.at(member);
    return value.missing() ? otherwise : Integer.parseInt(String.valueOf(value.value()));
  }
}
