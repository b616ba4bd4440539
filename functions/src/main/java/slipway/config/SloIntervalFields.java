package slipway.config;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import slipway.json.Json;
import slipway.json.Malformed;

/**
 * Reads and writes the interval of an SLO: {@code days} for most, {@code interval} for the rest.
 */
final class SloIntervalFields {
  private static final Set<String> KEYS = Set.of("rolling", "calendar", "from");
  private static final int MOST_DAYS = 90;

  /** Application Signals names no bound; a budget of more than a year is none to act on. */
  private static final Duration MOST = Duration.ofDays(366);

  /** Source: CloudFormation's reference, CalendarInterval of an SLO: 946684800. */
  private static final Instant FIRST = Instant.parse("2000-01-01T00:00:00Z");

  private SloIntervalFields() {}

  static SloInterval read(Json slo, Fields fields) {
    var days = slo.at("days");
    var interval = slo.at("interval");
    if (!days.missing() && !interval.missing()) {
      fields.complain(
          new Malformed(interval.place(), "is said twice: want either days or interval"));
      return SloInterval.DEFAULT;
    }
    return interval.missing()
        ? fields.readOr(
            days,
            SloInterval.DEFAULT,
            field -> new SloInterval.Rolling(SloSpan.ofDays(field.integer(1, MOST_DAYS))))
        : longForm(interval, fields);
  }

  private static SloInterval longForm(Json json, Fields fields) {
    fields.known(json, KEYS);
    if (!(json.value() instanceof Map)) return SloInterval.DEFAULT;
    var rolling = json.at("rolling");
    var calendar = json.at("calendar");
    if (rolling.missing() == calendar.missing()) {
      fields.complain(
          new Malformed(
              json.place(),
              (rolling.missing() ? "has no length" : "has two lengths")
                  + ": want either rolling, such as 30 days, or calendar, such as 1 month, with"
                  + " from"));
      return SloInterval.DEFAULT;
    }
    if (calendar.missing()) {
      SloFields.refuse(json, "from", "a rolling interval begins nowhere", fields);
      return fields.read(
          rolling,
          SloInterval.DEFAULT,
          field -> new SloInterval.Rolling(bounded(field, "a time such as 30 days or 1 month")));
    }
    var span = fields.read(calendar, SloSpan.ofDays(1), SloIntervalFields::calendar);
    var from = fields.read(json.at("from"), FIRST, field -> begun(field, fields));
    return new SloInterval.Calendar(from, span);
  }

  /** Source: CloudFormation's reference, CalendarInterval of an SLO. */
  private static SloSpan calendar(Json field) {
    var wanted = "days or months, such as 1 month";
    var span = bounded(field, wanted);
    if (span.unit() != SloSpan.Unit.DAY && span.unit() != SloSpan.Unit.MONTH)
      throw field.unexpected(wanted);
    return span;
  }

  private static SloSpan bounded(Json field, String wanted) {
    var span = SloTimes.spanOrMonths(field, wanted);
    if (span.length().compareTo(MOST) > 0) throw field.unexpected("366 days or 12 months at most");
    return span;
  }

  private static Instant begun(Json field, Fields fields) {
    var from = SloTimes.instant(field);
    if (from.isBefore(FIRST)) throw field.unexpected("a time since 2000");
    if (fields.now().filter(from::isAfter).isPresent())
      throw field.unexpected("a time that is not in the future: there is no budget before it");
    return from;
  }

  static void write(SloInterval interval, Map<String, Object> tree) {
    switch (interval) {
      case SloInterval.Rolling(var span)
          when span.canonical().unit() == SloSpan.Unit.DAY
              && span.canonical().count() <= MOST_DAYS ->
          tree.put("days", span.canonical().count());
      case SloInterval.Rolling(var span) ->
          tree.put("interval", Map.of("rolling", span.toString()));
      case SloInterval.Calendar(var from, var span) -> {
        var calendar = new LinkedHashMap<String, Object>();
        calendar.put("calendar", span.toString());
        calendar.put("from", from.toString());
        tree.put("interval", calendar);
      }
    }
  }
}
