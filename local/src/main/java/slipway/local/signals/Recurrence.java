package slipway.local.signals;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Month;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import slipway.local.metrics.Minutes;

/**
 * When something comes again: at a rate, which passes on local's pace, or by AWS's cron expressions
 * in UTC, whose days are real ones.
 *
 * @param expression as it was given
 */
record Recurrence(String expression) {
  private static final Pattern RATE = Pattern.compile("rate\\((\\d+) (minute|hour|day)s?\\)");
  private static final Pattern CRON = Pattern.compile("cron\\((.+)\\)");

  Recurrence {
    if (!RATE.matcher(expression).matches()) fields(expression);
  }

  /** Starts from {@code first} on that lie in the time, both ends inclusive. */
  List<Instant> starts(Instant first, Instant from, Instant to, Minutes minutes) {
    var begin = from.isAfter(first) ? from : first;
    var rate = RATE.matcher(expression);
    if (!rate.matches()) return cron(begin, to);
    var units = Long.parseLong(rate.group(1));
    var every =
        minutes.paced(
            switch (rate.group(2)) {
              case "minute" -> Duration.ofMinutes(units);
              case "hour" -> Duration.ofHours(units);
              default -> Duration.ofDays(units);
            });
    var starts = new ArrayList<Instant>();
    if (begin.isAfter(to)) return starts;
    var at = first.plus(every.multipliedBy(Duration.between(first, begin).dividedBy(every)));
    for (; !at.isAfter(to); at = at.plus(every)) if (!at.isBefore(begin)) starts.add(at);
    return starts;
  }

  private List<Instant> cron(Instant from, Instant to) {
    var fields = fields(expression);
    var starts = new ArrayList<Instant>();
    var last = LocalDate.ofInstant(to, ZoneOffset.UTC);
    for (var day = LocalDate.ofInstant(from, ZoneOffset.UTC);
        !day.isAfter(last);
        day = day.plusDays(1)) {
      if (!fields.on(day)) continue;
      for (var hour : fields.hours())
        for (var minute : fields.minutes()) {
          var at = day.atTime(hour, minute).toInstant(ZoneOffset.UTC);
          if (!at.isBefore(from) && !at.isAfter(to)) starts.add(at);
        }
    }
    return starts;
  }

  private record Fields(
      TreeSet<Integer> minutes,
      TreeSet<Integer> hours,
      TreeSet<Integer> days,
      TreeSet<Integer> months,
      TreeSet<Integer> weekdays,
      TreeSet<Integer> years) {
    /** A field that is {@code ?} says nothing. */
    boolean on(LocalDate day) {
      return (days.isEmpty() || days.contains(day.getDayOfMonth()))
          && months.contains(day.getMonthValue())
          && (weekdays.isEmpty() || weekdays.contains(day.getDayOfWeek().getValue() % 7 + 1))
          && years.contains(day.getYear());
    }
  }

  private static Fields fields(String expression) {
    var cron = CRON.matcher(expression);
    var fields = cron.matches() ? cron.group(1).strip().split("\\s+") : new String[0];
    if (fields.length != 6)
      throw new IllegalArgumentException(
          "'%s' is no recurrence: want rate(<number> minutes|hours|days) or cron(<six fields>)"
              .formatted(expression));
    if (fields[2].equals("?") == fields[4].equals("?"))
      throw new IllegalArgumentException(
          "'%s': want ? for exactly one of the day of the month and the day of the week"
              .formatted(expression));
    return new Fields(
        values(expression, fields[0], 0, 59),
        values(expression, fields[1], 0, 23),
        values(expression, fields[2], 1, 31),
        values(expression, fields[3], 1, 12),
        values(expression, fields[4], 1, 7),
        values(expression, fields[5], 1970, 2199));
  }

  private static TreeSet<Integer> values(String expression, String field, int min, int max) {
    var values = new TreeSet<Integer>();
    if (field.equals("?")) return values;
    for (var part : field.split(",")) {
      var step = part.split("/");
      var range = step[0].split("-");
      var from = step[0].equals("*") ? min : number(expression, range[0], max);
      var to =
          step[0].equals("*") || step.length == 2 && range.length == 1
              ? max
              : number(expression, range[range.length - 1], max);
      var by = step.length == 2 ? number(expression, step[1], max) : 1;
      if (from < min || to > max || by < 1 || from > to)
        throw new IllegalArgumentException(
            "'%s': '%s' is not within %d and %d".formatted(expression, part, min, max));
      for (var value = from; value <= to; value += by) values.add(value);
    }
    return values;
  }

  private static int number(String expression, String word, int max) {
    if (word.matches("\\d{1,4}")) return Integer.parseInt(word);
    var name = word.toUpperCase(Locale.ROOT);
    if (max == 12)
      for (var month : Month.values())
        if (month.name().startsWith(name) && name.length() == 3) return month.getValue();
    if (max == 7)
      for (var day : DayOfWeek.values())
        if (day.name().startsWith(name) && name.length() == 3) return day.getValue() % 7 + 1;
    if (word.matches(".*[LW#].*"))
      throw new UnsupportedOperationException(
          "'%s': '%s' is not played locally".formatted(expression, word));
    throw new IllegalArgumentException("'%s': '%s' is not understood".formatted(expression, word));
  }
}
