package slipway.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import slipway.json.Json;
import slipway.json.Malformed;

/** Reads and writes one SLO of the configuration. */
final class SloFields {
  private static final Set<String> KEYS =
      Set.of(
          "name",
          "description",
          "operation",
          "dependency",
          "availability",
          "latency",
          "metric",
          "requests",
          "threshold",
          "per",
          "period",
          "goal",
          "warning",
          "days",
          "interval",
          "burnWindows",
          "exclude",
          "tags",
          "alarms");
  private static final Pattern ANY = Pattern.compile("[ -~]*[!-~][ -~]*");
  private static final Pattern DESCRIPTION = Pattern.compile("(?s).{1,1024}");
  private static final Pattern TAG =
      Pattern.compile("(?!(?i)aws:|slipway:)[\\p{L}\\p{N} _.:/=+@-]{1,128}");
  private static final Pattern TAG_VALUE = Pattern.compile("[\\p{L}\\p{N} _.:/=+@-]{0,256}");
  private static final String PERIOD = "whole minutes, such as 5 minutes; 1 to 15";

  private SloFields() {}

  static Optional<Slo> read(Json json, ServiceName service, Fields fields) {
    int before = fields.problems().size();
    fields.known(json, KEYS);
    if (!(json.value() instanceof Map)) {
      if (json.missing()) fields.complain(json.unexpected("an SLO: at least what it measures"));
      return Optional.empty();
    }
    var operation = fields.find(json.at("operation"), SloFields::operation);
    var dependency = SloDependencyFields.read(json.at("dependency"), fields);
    var indicator = SloIndicatorFields.read(json, fields);
    var goal = goal(json, fields);
    var warning = fields.readOr(json.at("warning"), Slo.DEFAULT_WARNING, Fields::percentage);
    var period = fields.readOr(json.at("period"), Slo.DEFAULT_PERIOD, SloFields::period);
    var interval = SloIntervalFields.read(json, fields);
    var description =
        fields.find(
            json.at("description"), Fields.text(DESCRIPTION, "text of 1 to 1024 characters"));
    var exclusions = SloExclusionFields.read(json.at("exclude"), fields);
    var tags = tags(json.at("tags"), fields);
    var alarms = fields.readOr(json.at("alarms"), true, Json::flag);
    var sound = fields.problems().size() == before;
    if (sound && interval.length().compareTo(period) <= 0)
      fields.complain(
          new Malformed(
              json.at("interval").place(),
              "is %s: want one longer than the period of %s"
                  .formatted(interval, SloTimes.text(period))));
    var windows =
        json.at("burnWindows").missing()
            ? Slo.defaultBurnWindows(period, interval)
            : windows(json.at("burnWindows"), period, interval, fields);
    if (indicator.isEmpty()) return Optional.empty();
    if (indicator.get() instanceof Slo.Indicator.Standard) {
      if (indicator.get() instanceof Slo.Indicator.OfRequests)
        refuse(json, "period", "requests have none, they are counted one by one", fields);
    } else {
      var why = "a metric of CloudWatch is of no service";
      refuse(json, "operation", why, fields);
      refuse(json, "dependency", why, fields);
    }
    var name =
        json.at("name").missing()
            ? name(service, operation, dependency, indicator.get())
            : fields.find(
                json.at("name"),
                Fields.text(
                    Slo.NAME,
                    "2 to 128 letters, digits, spaces and - . _, starting and ending with a letter"
                        + " or digit"));
    if (name.isEmpty() && json.at("name").missing())
      fields.complain(json.at("name").unexpected("one, as this SLO has nothing to be named by"));
    if (fields.problems().size() > before) return Optional.empty();
    return fields.make(
        json,
        () ->
            new Slo(
                name.orElseThrow(),
                description,
                operation,
                dependency,
                indicator.get(),
                period,
                goal,
                warning,
                interval,
                windows,
                exclusions,
                tags,
                alarms));
  }

  static void refuse(Json json, String key, String why, Fields fields) {
    if (!json.at(key).missing())
      fields.complain(
          new Malformed(json.at(key).place(), "has no meaning here: want it left out, as " + why));
  }

  private static double goal(Json json, Fields fields) {
    var goal = json.at("goal");
    if (json.at("availability").missing())
      return fields.readOr(goal, Slo.DEFAULT_GOAL, Fields::percentage);
    if (!goal.missing())
      fields.complain(
          new Malformed(goal.place(), "is said twice: want it as the value of availability"));
    return fields.read(json.at("availability"), Slo.DEFAULT_GOAL, Fields::percentage);
  }

  private static String operation(Json field) {
    var text = Fields.text(ANY, "a method and route such as GET /rolldice").apply(field);
    if (text.length() > 194) throw field.unexpected("194 characters at most");
    return text;
  }

  private static Duration period(Json field) {
    var period = SloTimes.span(field, PERIOD).length();
    if (period.toMinutes() > 15) throw field.unexpected(PERIOD);
    return period;
  }

  private static SortedSet<Integer> windows(
      Json json, Duration period, SloInterval interval, Fields fields) {
    var windows = new TreeSet<Integer>();
    var items = fields.attempt(List.<Json>of(), json::items);
    for (var item : items)
      fields
          .find(item, field -> window(field, period, interval))
          .filter(minutes -> !windows.add(minutes))
          .ifPresent(
              _ -> fields.complain(new Malformed(item.place(), "is there twice: want it once")));
    if (items.size() > Slo.MOST_BURN_WINDOWS)
      fields.complain(
          new Malformed(
              json.place(),
              "has %d windows: want %d at most".formatted(items.size(), Slo.MOST_BURN_WINDOWS)));
    return windows;
  }

  private static int window(Json field, Duration period, SloInterval interval) {
    var minutes =
        SloTimes.span(field, "a time such as 1 hour, from 1 minute to 7 days").length().toMinutes();
    if (minutes > 10080) throw field.unexpected("7 days at most");
    if (!Slo.fits((int) minutes, period, interval))
      throw field.unexpected(
          "a multiple of the period of %s, shorter than the interval of %s"
              .formatted(SloTimes.text(period), interval.span()));
    return (int) minutes;
  }

  private static SortedMap<String, String> tags(Json json, Fields fields) {
    var tags = new TreeMap<String, String>();
    var members = fields.attempt(Map.<String, Json>of(), json::members);
    members.forEach(
        (key, value) -> {
          if (!TAG.matcher(key).matches())
            fields.complain(
                new Malformed(
                    value.place(),
                    "is no key for a tag: want 1 to 128 letters, digits, spaces and _ . : / = + -"
                        + " @, beginning with neither aws: nor slipway:"));
          else
            tags.put(
                key,
                fields.read(
                    value,
                    "",
                    Fields.text(
                        TAG_VALUE,
                        "text of at most 256 letters, digits, spaces and _ . : / = + - @")));
        });
    if (members.size() > Slo.MOST_TAGS)
      fields.complain(
          new Malformed(
              json.place(),
              "has %d tags: want %d at most".formatted(members.size(), Slo.MOST_TAGS)));
    return tags;
  }

  /** Application Signals allows no slash or brace in a name, so an operation's are left out. */
  private static Optional<String> name(
      ServiceName service,
      Optional<String> operation,
      Optional<SloDependency> dependency,
      Slo.Indicator indicator) {
    return what(indicator)
        .map(
            what -> {
              var subject =
                  service
                      + " "
                      + operation.orElse("")
                      + dependency.map(to -> " to " + to.name() + " " + to.operation()).orElse("");
              var plain = subject.replaceAll("[^-._0-9A-Za-z]+", " ").trim();
              return plain.substring(0, Math.min(plain.length(), 128 - what.length())).trim()
                  + what;
            });
  }

  private static Optional<String> what(Slo.Indicator indicator) {
    return switch (indicator) {
      case Slo.Indicator.Availability _ -> Optional.of(" availability");
      case Slo.Indicator.Latency(var statistic, _) -> Optional.of(" " + statistic + " latency");
      case Slo.Indicator.RequestAvailability _ -> Optional.of(" request availability");
      case Slo.Indicator.RequestLatency _ -> Optional.of(" request latency");
      case Slo.Indicator.Metric _, Slo.Indicator.Counts _ -> Optional.empty();
    };
  }

  static Map<String, Object> tree(Slo slo) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("name", slo.name());
    slo.description().ifPresent(text -> tree.put("description", text));
    slo.operation().ifPresent(operation -> tree.put("operation", operation));
    slo.dependency().ifPresent(to -> tree.put("dependency", SloDependencyFields.tree(to)));
    SloIndicatorFields.write(slo, tree);
    if (!slo.period().equals(Slo.DEFAULT_PERIOD)) tree.put("period", SloTimes.text(slo.period()));
    SloIntervalFields.write(slo.interval(), tree);
    tree.put("warning", slo.warning());
    if (!slo.burnWindows().equals(Slo.defaultBurnWindows(slo.period(), slo.interval())))
      tree.put(
          "burnWindows",
          slo.burnWindows().stream()
              .map(minutes -> SloTimes.text(Duration.ofMinutes(minutes)))
              .toList());
    if (!slo.exclusions().isEmpty())
      tree.put("exclude", slo.exclusions().stream().map(SloExclusionFields::tree).toList());
    if (!slo.tags().isEmpty()) tree.put("tags", slo.tags());
    if (!slo.alarms()) tree.put("alarms", false);
    return tree;
  }
}
