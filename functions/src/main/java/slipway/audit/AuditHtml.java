package slipway.audit;

import static slipway.audit.Html.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import slipway.audit.AuditReport.Entry;
import slipway.audit.AuditReport.Known;
import slipway.slo.Objective;

/**
 * The report as one page that needs nothing else: no script, no style, font or picture from
 * elsewhere. However many SLOs there are, the page stays small: those that need a look come first
 * and with a chart.
 */
final class AuditHtml {
  /** SLOs with a card and a chart. */
  static final int CARDS = 200;

  /** SLOs with a line, beside those. */
  static final int ROWS = 1000;

  /** Items of any other list. */
  static final int ITEMS = 200;

  private static final String STYLE = style();

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("d MMM HH:mm", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  /** Those that need a look first, and of these the emptiest budgets. */
  private static final Comparator<Entry> BY_NEED =
      Comparator.comparing((Entry entry) -> entry.budget().status().rank())
          .thenComparing(entry -> entry.budget().left().map(Budget.Left::percent).orElse(100.0))
          .thenComparing(Entry::service)
          .thenComparing(Entry::name);

  private final AuditReport report;
  private final History history;
  private final StringBuilder page = new StringBuilder();
  private int charts;

  private AuditHtml(AuditReport report, History history) {
    this.report = report;
    this.history = history;
  }

  static String write(AuditReport report, History history) {
    return new AuditHtml(report, history).page();
  }

  private static String style() {
    try (var css = AuditHtml.class.getResourceAsStream("report.css")) {
      if (css == null) throw new IllegalStateException("no resource report.css");
      return new String(css.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String page() {
    add(
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
        <meta name="color-scheme" content="light dark">
        <meta name="referrer" content="no-referrer">
        <link rel="icon" href="data:,">
        <title>SLO audit of %s</title>
        <style>
        %s</style>
        </head>
        <body>
        %s<main>
        """,
        text(report.stack()), STYLE, Html.icons());
    head();
    changes();
    services();
    drift();
    telemetry();
    quotas();
    deliveries();
    add(
        """
        <footer><p>Made by Slipway from what CloudWatch Application Signals measured. All figures are in
        latest.json beside this page. Burn rate 1 spends the budget exactly in the SLO's interval; budgets of
        requests are told as time at the traffic of the interval.</p></footer>
        </main>
        </body>
        </html>
        """);
    return page.toString();
  }

  /** All arguments are HTML: {@link Html#text} comes before. */
  private void add(String format, Object... arguments) {
    page.append(arguments.length == 0 ? format : format.formatted(arguments));
  }

  private void head() {
    add(
        """
        <header>
        <p class="eyebrow">SLO audit</p>
        <h1>%s</h1>
        <p class="soft">%s · %s · all times in UTC</p>
        </header>
        <div class="tiles">
        """,
        text(report.stack()), DATE.format(report.at()), text(report.why()));
    for (var status : List.of(Status.OK, Status.WARNING, Status.EXHAUSTED, Status.NO_DATA))
      add(
          "<div class=\"tile %s\"><b class=\"number\">%d</b>%s</div>\n",
          Html.css(status), report.count(status), Html.state(status));
    add("</div>\n");
  }

  private void changes() {
    section(
        "Changed since the last audit",
        report.changes(),
        change -> {
          var slo = change.budget().slo();
          return "<li>%s <b>%s</b> of %s: %s</li>\n"
              .formatted(
                  Html.icon(change.budget().status()),
                  text(slo.name()),
                  text(slo.service()),
                  text(arrow(change.toString())));
        });
  }

  private void services() {
    var ranked = report.slos().stream().sorted(BY_NEED).toList();
    var cards = Set.copyOf(ranked.subList(0, Math.min(CARDS, ranked.size())));
    var shown = new HashSet<>(ranked.subList(0, Math.min(CARDS + ROWS, ranked.size())));
    var services = new LinkedHashMap<String, List<Entry>>();
    for (var entry : ranked)
      services.computeIfAbsent(entry.service(), _ -> new ArrayList<>()).add(entry);
    int others = 0;
    int theirs = 0;
    for (var service : services.entrySet())
      if (service.getValue().stream().anyMatch(shown::contains))
        service(service.getKey(), service.getValue(), cards, shown);
      else {
        others++;
        theirs += service.getValue().size();
      }
    if (others > 0)
      add(
          "<section><p class=\"panel soft more\">And %s with %s, none of which needs a look more"
              + " than those above: latest.json has all.</p></section>\n",
          Figures.count(others, "service"), Figures.count(theirs, "SLO"));
    if (report.slos().isEmpty())
      add("<section><p class=\"panel soft\">There are no SLOs yet.</p></section>\n");
  }

  private void service(String name, List<Entry> its, Set<Entry> cards, Set<Entry> shown) {
    add(
        "<section class=\"service\"><header><h2>%s</h2>%s<span class=\"soft"
            + " small\">%s</span></header>\n",
        text(name), Html.state(its.getFirst().budget().status()), Figures.count(its.size(), "SLO"));
    report.freezes().stream()
        .filter(freeze -> freeze.service().equals(name))
        .forEach(freeze -> add("<p class=\"frozen\">%s</p>\n", text(freeze)));
    add("<div class=\"cards\">\n");
    its.stream().filter(cards::contains).forEach(this::card);
    add("</div>\n");
    var rows = its.stream().filter(it -> shown.contains(it) && !cards.contains(it)).toList();
    if (!rows.isEmpty()) {
      add("<details><summary>%d more</summary><ul class=\"rows\">\n", rows.size());
      rows.forEach(this::row);
      add("</ul></details>\n");
    }
    var hidden = its.stream().filter(it -> !shown.contains(it)).count();
    if (hidden > 0)
      add(
          "<p class=\"soft small more\">And %d that need a look less: latest.json has all.</p>\n",
          hidden);
    add("</section>\n");
  }

  private void card(Entry entry) {
    var budget = entry.budget();
    add(
        "<article class=\"slo %s\"><header><h3>%s</h3>%s</header>\n",
        Html.css(budget.status()), text(entry.name()), Html.state(budget.status()));
    add("<p class=\"soft small\">%s</p>\n", what(budget));
    budget.problem().ifPresent(problem -> add("<p class=\"small\">%s</p>\n", text(problem)));
    budget.left().ifPresent(left -> left(left, entry));
    facts(entry);
    add(
        "%s\n</article>\n",
        Chart.draw(
            "c" + charts++,
            entry.name(),
            history.of(entry.name()),
            report.at(),
            budget.interval().orElse(Duration.ofDays(7)),
            budget.objective().map(Objective::warning).orElse(50.0)));
  }

  private static String what(Budget budget) {
    return budget
        .objective()
        .map(
            objective ->
                "%s · goal %s %% over %s"
                    .formatted(
                        text(objective.operation().orElse("all operations")),
                        Figures.brief(objective.goal()),
                        text(objective.interval())))
        .orElse("");
  }

  private void left(Budget.Left left, Entry entry) {
    var percent = left.percent();
    var over = percent < 0;
    add(
        "<div class=\"left\"><b class=\"number\">%s&nbsp;%%</b><span"
            + " class=\"soft\">%s%s</span>%s</div>\n",
        Html.minus(Figures.coarse(percent)),
        over ? "of the budget overspent" : "of the budget left",
        entry
            .budget()
            .time()
            .map(time -> ", " + Figures.time(over ? time.negated() : time))
            .orElse(""),
        entry
            .trend()
            .map(
                trend ->
                    "<span class=\"soft small number\" title=\"since the audit of %s\">%s</span>"
                        .formatted(time(trend.since()), moved(trend.left())))
            .orElse(""));
    add(
        over
            ? "<div class=\"bar over\"></div>\n"
            : "<div class=\"bar\"><span style=\"width:%s%%\"></span><i style=\"left:%s%%\""
                + " title=\"warning below %s %%\"></i></div>\n",
        Figures.coarse(Math.min(100, percent)),
        warning(entry.budget()),
        warning(entry.budget()));
  }

  private static String warning(Budget budget) {
    return Figures.coarse(budget.objective().map(Objective::warning).orElse(50.0));
  }

  /** A shape for the direction beside the sign. */
  private static String moved(double points) {
    var text = Figures.signed(points);
    return text.equals("0")
        ? "= unchanged"
        : (points > 0 ? "▲ " : "▼ ") + Html.minus(text) + " points";
  }

  private void facts(Entry entry) {
    var budget = entry.budget();
    var facts = new LinkedHashMap<String, String>();
    if (budget.attainment().isPresent())
      facts.put(
          "Attainment",
          "%s %%%s"
              .formatted(
                  Figures.brief(budget.attainment().getAsDouble()),
                  budget
                      .objective()
                      .map(it -> " of " + Figures.brief(it.goal()) + " %")
                      .orElse("")));
    if (!entry.burn().isEmpty())
      facts.put(
          "Burn rate",
          entry.burn().stream().map(Burn::toString).collect(Collectors.joining("<br>")));
    if (!entry.ringing().isEmpty())
      facts.put(
          "Alarm",
          entry.ringing().stream()
              .map(alarm -> "<span class=\"rings\">rings: " + text(alarm) + "</span>")
              .collect(Collectors.joining("<br>")));
    else if (budget.status() != Status.NO_DATA) facts.put("Alarm", "quiet");
    entry.spentBy().ifPresent(at -> facts.put("Spent at this pace by", time(at)));
    entry
        .known()
        .ifPresent(
            known ->
                facts.put(
                    budget.status() == Status.NO_DATA ? "Last known" : "Since",
                    since(budget, known)));
    if (facts.isEmpty()) return;
    add("<dl class=\"facts small\">");
    facts.forEach((fact, value) -> add("<div><dt>%s</dt><dd>%s</dd></div>", fact, value));
    add("</dl>\n");
  }

  private static String since(Budget budget, Known known) {
    return budget.status() == Status.NO_DATA
        ? known.status() + ", since " + time(known.since())
        : time(known.since());
  }

  private void row(Entry entry) {
    var budget = entry.budget();
    add(
        "<li><span class=\"name\">%s</span>%s<span class=\"number\">%s</span></li>\n",
        text(entry.name()),
        Html.state(budget.status()),
        budget
            .left()
            .map(left -> Html.minus(Figures.coarse(left.percent())) + " % left")
            .orElse("-"));
  }

  private void drift() {
    section(
        "Different from slipway.yaml",
        report.drift(),
        drift ->
            "<li><b>%s</b> of %s: %s</li>\n"
                .formatted(
                    text(drift.name()),
                    text(drift.service()),
                    text(AuditMarkdown.sentence(drift))));
    section(
        "Repair",
        report.repairs(),
        repair -> "<li><b>%s</b>: %s</li>\n".formatted(text(repair.service()), text(repair)));
  }

  private void telemetry() {
    var incomplete =
        report.telemetry().stream().filter(it -> it.state() != Telemetry.State.COMPLETE).toList();
    section(
        "Telemetry",
        incomplete,
        it ->
            "<li><b>%s</b>: %s%s</li>\n"
                .formatted(
                    text(it.service()),
                    text(it),
                    it.checks().isEmpty()
                        ? ""
                        : it.checks().stream()
                            .map(check -> "<li>" + text(check) + "</li>")
                            .collect(Collectors.joining("", "<ul class=\"small\">", "</ul>"))));
  }

  private void quotas() {
    section(
        "Quotas",
        report.quotas(),
        quota ->
            "<li class=\"%s\">%s<div class=\"bar\"><span style=\"width:%s%%\"></span></div></li>\n"
                .formatted(
                    quota.near() ? "warning" : "ok",
                    (quota.near() ? Html.icon(Status.WARNING) : "") + text(quota),
                    Figures.coarse(Math.min(100, quota.percent()))));
  }

  private void deliveries() {
    section(
        "Delivery",
        report.deliveries(),
        delivery ->
            "<li><b>%s</b><dl class=\"four\">%s</dl></li>\n"
                .formatted(
                    text(delivery.service()),
                    AuditMarkdown.figures(delivery).entrySet().stream()
                        .map(AuditHtml::figure)
                        .collect(Collectors.joining())));
  }

  /** What stands in brackets is the smaller print. */
  private static String figure(Map.Entry<String, String> figure) {
    var parts = figure.getValue().split(" (?=\\()", 2);
    return "<div><dt>%s</dt><dd>%s%s</dd></div>"
        .formatted(
            text(figure.getKey()),
            text(parts[0]),
            parts.length == 1 ? "" : "<small>" + text(parts[1]) + "</small>");
  }

  private <T> void section(String title, List<T> items, Function<T, String> item) {
    if (items.isEmpty()) return;
    add("<section><header><h2>%s</h2></header><ul class=\"panel\">\n", title);
    items.stream().limit(ITEMS).map(item).forEach(page::append);
    if (items.size() > ITEMS)
      add("<li class=\"soft more\">And %d more: latest.json has all.</li>\n", items.size() - ITEMS);
    add("</ul></section>\n");
  }

  private static String arrow(String change) {
    return change.replace("->", "→");
  }

  private static String time(Instant at) {
    return TIME.format(at);
  }
}
