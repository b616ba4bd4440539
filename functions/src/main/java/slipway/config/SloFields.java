package slipway.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import slipway.json.Json;
import slipway.json.Malformed;

/** Reads and writes one SLO of the configuration. */
final class SloFields {
  private static final Set<String> KEYS =
      Set.of("name", "operation", "availability", "latency", "goal", "days", "warning");
  private static final Pattern ANY = Pattern.compile("[ -~]*[!-~][ -~]*");
  private static final Pattern NAME =
      Pattern.compile("[0-9A-Za-z][-._0-9A-Za-z ]{0,126}[0-9A-Za-z]");
  private static final Pattern SHORT = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|s)");
  private static final double GOAL = 99;
  private static final int DAYS = 7;
  private static final double WARNING = 50;

  private SloFields() {}

  static Optional<Slo> read(Json json, ServiceName service, Fields fields) {
    int before = fields.problems().size();
    fields.known(json, KEYS);
    if (fields.problems().size() > before && !(json.value() instanceof Map))
      return Optional.empty();
    var operation =
        fields.read(
            json.at("operation"),
            "GET /",
            field -> {
              var text = Fields.text(ANY, "a method and route such as GET /rolldice").apply(field);
              if (text.length() > 194) throw field.unexpected("194 characters at most");
              return text;
            });
    var days = fields.readOr(json.at("days"), DAYS, Fields.wholeNumber(1, 90));
    var warning = fields.readOr(json.at("warning"), WARNING, Fields::percentage);
    var availability = json.at("availability");
    var latency = json.at("latency");
    if (availability.missing() == latency.missing()) {
      fields.complain(
          new Malformed(
              json.place(),
              (latency.missing() ? "has no indicator" : "has two indicators")
                  + ": want either availability (its goal in percent) or latency"));
      return Optional.empty();
    }
    Slo.Indicator indicator;
    double goal;
    if (latency.missing()) {
      indicator = new Slo.Indicator.Availability();
      goal = fields.read(availability, GOAL, Fields::percentage);
      if (!json.at("goal").missing())
        fields.complain(
            new Malformed(
                json.at("goal").place(), "is said twice: want it as the value of availability"));
    } else {
      indicator = fields.read(latency, new Slo.Indicator.Availability(), SloFields::latency);
      goal = fields.readOr(json.at("goal"), GOAL, Fields::percentage);
    }
    var name =
        fields.readOr(
            json.at("name"),
            name(service, operation, indicator),
            Fields.text(
                NAME,
                "2 to 128 letters, digits, spaces and - . _, starting and ending with a letter or"
                    + " digit"));
    if (fields.problems().size() > before) return Optional.empty();
    return fields.make(json, () -> new Slo(name, operation, indicator, goal, days, warning));
  }

  /** Application Signals allows no slash or brace in a name, so an operation's are left out. */
  private static String name(ServiceName service, String operation, Slo.Indicator indicator) {
    var what =
        switch (indicator) {
          case Slo.Indicator.Availability _ -> " availability";
          case Slo.Indicator.Latency(var statistic, _) -> " " + statistic + " latency";
          default -> " " + indicator;
        };
    var plain =
        (service + " " + operation.replaceAll("[^-._0-9A-Za-z]+", " "))
            .replaceAll(" +", " ")
            .trim();
    return plain.substring(0, Math.min(plain.length(), 128 - what.length())).trim() + what;
  }

  private static Slo.Indicator latency(Json json) {
    if (!(json.value() instanceof Map<?, ?> map) || map.size() != 1)
      throw json.unexpected("one statistic with its limit, such as p99: 300ms");
    var limit = json.members().values().iterator().next();
    var threshold = duration(limit);
    try {
      return new Slo.Indicator.Latency((String) map.keySet().iterator().next(), threshold);
    } catch (IllegalArgumentException e) {
      throw new Malformed(limit.place(), "cannot be: " + e.getMessage());
    }
  }

  private static Duration duration(Json field) {
    var wanted = "a time above 0 such as 300ms, 1.5s or PT0.3S";
    if (!(field.value() instanceof String text)) throw field.unexpected(wanted);
    var form = SHORT.matcher(text);
    try {
      var time =
          form.matches()
              ? Duration.ofNanos(
                  new BigDecimal(form.group(1))
                      .movePointRight(form.group(2).equals("ms") ? 6 : 9)
                      .longValue())
              : Duration.parse(text);
      if (time.isNegative() || time.isZero()) throw field.unexpected(wanted);
      return time;
    } catch (DateTimeParseException | ArithmeticException _) {
      throw field.unexpected(wanted);
    }
  }

  static Map<String, Object> tree(Slo slo) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("name", slo.name());
    slo.operation().ifPresent(operation -> tree.put("operation", operation));
    switch (slo.indicator()) {
      case Slo.Indicator.Availability _ -> tree.put("availability", slo.goal());
      case Slo.Indicator.Latency(var statistic, var threshold) -> {
        tree.put("latency", Map.of(statistic, text(threshold)));
        tree.put("goal", slo.goal());
      }
      default -> throw new IllegalStateException("not written yet: " + slo.indicator());
    }
    tree.put("days", slo.interval().span().count());
    tree.put("warning", slo.warning());
    return tree;
  }

  private static String text(Duration time) {
    return time.equals(Duration.ofMillis(time.toMillis()))
        ? time.toMillis() + "ms"
        : time.toString();
  }
}
