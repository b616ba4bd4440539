package slipway.slo;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import slipway.config.Config;
import slipway.config.Configs;
import slipway.config.ServiceName;
import slipway.config.Slo;
import slipway.config.Slo.Indicator.Availability;
import slipway.config.Slo.Indicator.Latency;
import slipway.config.SloBound;
import slipway.config.SloExclusion;
import slipway.config.SloInterval;
import slipway.config.SloQuery;
import slipway.config.Slos;
import slipway.json.Json;

/** A stack with one service, dice, and SLOs for it. */
final class Samples {
  static final ServiceName DICE = new ServiceName("dice");
  static final Ownership OWNER = new Ownership("slipway", DICE);
  static final KeyAttributes SUBJECT =
      new KeyAttributes(Map.of("Type", "Service", "Name", "dice", "Environment", "production"));
  static final String ROLL = "GET /rolldice";
  static final Clock CLOCK = Clock.fixed(Slos.NOW, ZoneOffset.UTC);

  private Samples() {}

  static Slo available(String name, double goal) {
    return new Slo(name, ROLL, new Availability(), goal, 7, 50);
  }

  static Slo fast(String name, String statistic, int millis) {
    return new Slo(name, ROLL, new Latency(statistic, Duration.ofMillis(millis)), 99, 7, 50);
  }

  static Objective objective(Slo slo) {
    return Objective.declared(slo, SUBJECT);
  }

  static Existing existing(Slo slo) {
    return new Existing("arn:" + slo.name(), Optional.of(OWNER), objective(slo));
  }

  static Config config(Slo... slos) {
    return config(Arrays.asList(slos));
  }

  static Slo metric(String name, Map<String, String> dimensions, String metric, String bound) {
    return new Slo(
        name,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        new Slo.Indicator.Metric(
            List.of(
                SloQuery.only(
                    new SloQuery.Source.Metric(
                        "CloudWatchSynthetics", metric, dimensions, "Average"))),
            SloBound.of(bound).orElseThrow()),
        Duration.ofMinutes(5),
        99,
        50,
        SloInterval.DEFAULT,
        new TreeSet<>(List.of(60)),
        List.of(),
        new TreeMap<>(),
        true);
  }

  /** The same with tags and exclusions. */
  static Slo with(Slo slo, Map<String, String> tags, List<SloExclusion> exclusions) {
    return new Slo(
        slo.name(),
        slo.description(),
        slo.operation(),
        slo.dependency(),
        slo.indicator(),
        slo.period(),
        slo.goal(),
        slo.warning(),
        slo.interval(),
        slo.burnWindows(),
        exclusions,
        new TreeMap<>(tags),
        slo.alarms());
  }

  static Config config(List<Slo> slos) {
    return config(slos, "dice");
  }

  static Config config(List<Slo> slos, String service) {
    var written = slos.stream().map(Slos::tree).toList();
    return Configs.fromJson(
        Json.of(
            Map.of(
                "stack",
                "slipway",
                "repository",
                "example/dice",
                "services",
                Map.of(
                    service,
                    Map.of(
                        "health",
                        "/healthcheck",
                        "environment",
                        "production",
                        "containers",
                        Map.of("app", Map.of("build", "app", "port", 8080)),
                        "slos",
                        written)))));
  }
}
