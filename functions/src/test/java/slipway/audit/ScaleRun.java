package slipway.audit;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import slipway.config.Config;
import slipway.config.Configs;
import slipway.config.ServiceName;
import slipway.delivery.DeliveryFigures;
import slipway.json.Json;
import slipway.slo.ApplicationSignals;
import software.amazon.awssdk.services.applicationsignals.ApplicationSignalsClient;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;

/**
 * The first audit of many SLOs and the next one, as the queue would have them run. A program of its
 * own, so that a test can give it as little memory as it wants.
 */
final class ScaleRun {
  /** As infra sets them. */
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  private static final Duration VISIBILITY = Duration.ofMinutes(6);

  private final Region region;
  private final Config config;
  private final Map<String, String> kept = new TreeMap<>();
  private final Auditor auditor;

  private ScaleRun(int services, int slos) {
    region = new Region(services, slos);
    config = Configs.fromJson(Json.of(region.config()));
    auditor = auditor();
  }

  /** Prints what it took as one line of JSON. */
  public static void main(String[] arguments) {
    var run = new ScaleRun(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
    var result = new LinkedHashMap<String, Object>();
    result.put("first", run.audit());
    run.region.now = run.region.now.plus(Duration.ofHours(1));
    result.put("next", run.audit());
    var sizes = new TreeMap<String, Object>();
    run.kept.forEach((key, text) -> sizes.put(key, text.length()));
    result.put("sizes", sizes);
    result.put(
        "summary",
        Json.parse(run.kept.getOrDefault("audits/latest.json", "")).at("summary").value());
    System.out.println(Json.write(result));
  }

  /** From the message to the report. */
  private Map<String, Object> audit() {
    region.calls.clear();
    var begin = region.now;
    int invocations = 0;
    var longest = Duration.ZERO;
    Auditor.Outcome outcome;
    do {
      invocations++;
      var start = region.now;
      outcome =
          auditor.audit(
              new Auditor.Request("scheduled", Optional.empty()),
              () -> TIMEOUT.minus(Duration.between(start, region.now)),
              _ -> {});
      var took = Duration.between(start, region.now);
      if (took.compareTo(longest) > 0) longest = took;
      if (outcome instanceof Auditor.Outcome.Unfinished) region.now = start.plus(VISIBILITY);
    } while (outcome instanceof Auditor.Outcome.Unfinished && invocations < 20);
    var result = new LinkedHashMap<String, Object>();
    result.put("outcome", outcome.toString());
    result.put("invocations", invocations);
    result.put("longest", longest.toSeconds());
    result.put("seconds", Duration.between(begin, region.now).toSeconds());
    result.put("calls", Map.copyOf(region.calls));
    return result;
  }

  private Auditor auditor() {
    var signals = region.client(ApplicationSignalsClient.builder());
    var archive =
        new Archive() {
          @Override
          public Optional<String> read(String key) {
            return Optional.ofNullable(kept.get(key));
          }

          @Override
          public void write(String key, String contentType, String text) {
            // Timed copies would only be held here; in S3 they are out of the way.
            if (!key.matches("audits/\\d.*")) kept.put(key, text);
          }

          @Override
          public String place(String key) {
            return key;
          }
        };
    var deliveries =
        new Deliveries() {
          @Override
          public Optional<DeliveryFigures> of(ServiceName service) {
            return Optional.of(
                new DeliveryFigures(
                    Duration.ofDays(28), 5, 4, Optional.empty(), 1, Optional.empty()));
          }

          @Override
          public Map<String, String> images(ServiceName service) {
            return Map.of();
          }
        };
    return new Auditor(
        config,
        new Reader(
            config,
            new SignalsSlos(signals),
            new ApplicationSignals(signals, region.clock()),
            new CloudWatchMetrics(region.client(CloudWatchClient.builder())),
            deliveries,
            archive,
            region.clock()),
        archive,
        new Auditor.Outlets((_, _) -> {}, _ -> {}, (_, _) -> {}),
        region.clock());
  }
}
