package slipway.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import slipway.json.Json;
import slipway.json.Malformed;

/** Reads and writes the times that do not count for an SLO. */
final class SloExclusionFields {
  private static final Set<String> KEYS = Set.of("from", "for", "every", "reason");

  /** Source: CloudFormation's reference, RecurrenceRule of an SLO. */
  private static final Pattern EVERY =
      Pattern.compile(
          "rate\\([1-9]\\d{0,5} (hour|day|month)s?\\)|cron\\(([0-9A-Za-z*?,/#-]+"
              + " ){5}[0-9A-Za-z*?,/#-]+\\)");

  private static final Pattern REASON = Pattern.compile("(?s).{1,1024}");

  private SloExclusionFields() {}

  static List<SloExclusion> read(Json json, Fields fields) {
    var exclusions = new ArrayList<SloExclusion>();
    var items = fields.attempt(List.<Json>of(), json::items);
    for (var item : items)
      exclusion(item, fields)
          .ifPresent(
              exclusion -> {
                if (exclusions.contains(exclusion))
                  fields.complain(new Malformed(item.place(), "is there twice: want it once"));
                exclusions.add(exclusion);
              });
    if (items.size() > Slo.MOST_EXCLUSIONS)
      fields.complain(
          new Malformed(
              json.place(),
              "has %d exclusions: want %d at most".formatted(items.size(), Slo.MOST_EXCLUSIONS)));
    return exclusions;
  }

  private static Optional<SloExclusion> exclusion(Json json, Fields fields) {
    int before = fields.problems().size();
    fields.known(json, KEYS);
    if (!(json.value() instanceof Map)) {
      if (json.missing())
        fields.complain(json.unexpected("an exclusion: from, for, every, reason"));
      return Optional.empty();
    }
    var from = fields.find(json.at("from"), SloTimes::instant);
    var span =
        fields.read(
            json.at("for"),
            SloSpan.ofDays(1),
            field -> SloTimes.spanOrMonths(field, "a time such as 2 hours"));
    var every =
        fields.find(
            json.at("every"),
            Fields.text(
                EVERY,
                "rate(…) of hours, days or months, or cron(…) with six fields, such as cron(0 2 ? *"
                    + " SUN *)"));
    var reason =
        fields.find(json.at("reason"), Fields.text(REASON, "text of 1 to 1024 characters"));
    if (fields.problems().size() > before) return Optional.empty();
    if (from.isEmpty() && every.isEmpty()) {
      fields.complain(
          json.at("from").unexpected("when it begins, such as 2026-01-31T02:00:00Z, or every"));
      return Optional.empty();
    }
    var exclusion = new SloExclusion(from, span, every, reason);
    if (exclusion.rate().filter(rate -> rate.length().compareTo(span.length()) <= 0).isPresent()) {
      fields.complain(
          json.at("for")
              .unexpected("less time than from one beginning to the next: " + every.get()));
      return Optional.empty();
    }
    return Optional.of(exclusion);
  }

  static Map<String, Object> tree(SloExclusion exclusion) {
    var tree = new LinkedHashMap<String, Object>();
    exclusion.from().ifPresent(from -> tree.put("from", from.toString()));
    tree.put("for", exclusion.span().toString());
    exclusion.every().ifPresent(every -> tree.put("every", every));
    exclusion.reason().ifPresent(reason -> tree.put("reason", reason));
    return tree;
  }
}
