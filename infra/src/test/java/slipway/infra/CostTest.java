package slipway.infra;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import slipway.json.Json;

/** That what the READMEs say of the cost is what the template and AWS's prices come to. */
class CostTest {
  private static final String BEGIN = "<!-- by CostTest; -Dcost=update writes it -->\n";
  private static final String END = "<!-- end -->";
  private static final int PUSHES = 100;

  private static final String SAMPLE = read(Path.of("src/test/resources/slipway.yaml"));
  private static final Prices PRICES = Prices.read();
  private static final Bill IDLE =
      Bill.idle(Made.config(SAMPLE), new Made(Json.of(Synthesized.template())), PRICES);
  private static final Bill PUSHED =
      Bill.pushes(PUSHES, Made.config(SAMPLE), new Made(Json.of(Synthesized.template())), PRICES);

  /**
   * What lowers the cost, or raises it for something in return.
   *
   * @param said in slipway.yaml
   * @param idle what a month then costs
   * @param meaning what one gives up, or gets
   */
  private record Switch(String said, BigDecimal idle, String meaning) {
    static Switch ofStack(String line, String meaning) {
      return of("`" + line + "`", List.of(line), List.of(), meaning);
    }

    static Switch ofService(String line, String meaning) {
      return of("`" + line + "`, of a service", List.of(), List.of(line), meaning);
    }

    static Switch of(String said, List<String> stack, List<String> service, String meaning) {
      var yaml = SAMPLE;
      for (var line : stack) yaml = yaml.replace("\nservices:\n", "\n" + line + "\n\nservices:\n");
      for (var line : service)
        yaml =
            yaml.replaceAll("\n    " + line.replaceAll(":.*", "") + ":[^\n]*", "")
                .replace("\n  dice:\n", "\n  dice:\n    " + line + "\n");
      return new Switch(said, Bill.idle(Made.config(yaml), Made.of(yaml), PRICES).sum(), meaning);
    }
  }

  private static final Switch CHEAPEST =
      Switch.of(
          "`natGateways: 0`, `insights: none` and `canary: none`",
          List.of("natGateways: 0", "insights: none"),
          List.of("canary: none"),
          "all of the above");

  private static final List<Switch> SWITCHES =
      List.of(
          Switch.ofStack(
              "natGateways: 0",
              "no private subnets: tasks have public addresses. Their security groups let in the"
                  + " load balancer and nobody else, as before; but that is then all that keeps"
                  + " others out"),
          Switch.ofStack(
              "natGateways: 2",
              "one in each zone: tasks keep their way out when the other zone fails"),
          Switch.ofStack("insights: none", "ECS's own metrics of a service's CPU and memory stay"),
          Switch.ofStack(
              "insights: enhanced",
              "figures of each task and container, too; each further task adds to it"),
          Switch.ofService(
              "canaryEvery: 15 minutes",
              "it takes up to three times as long until somebody notices"),
          Switch.ofService(
              "canary: none",
              "nobody looks from outside. SLOs on an operation are made once somebody calls it; the"
                  + " load balancer's health checks only make the service known"),
          CHEAPEST);

  @Test
  void theTableIsWhatTheTemplateComesTo() {
    compare(Path.of("README.md"), table());
  }

  @Test
  void andSoIsItsShortVersion() {
    compare(Path.of("../README.md"), summary());
  }

  /** Else a price could be wrong, or nowhere, and nobody would notice. */
  @Test
  void eachPriceHasItsPage() {
    assertThat(PRICES.all().values())
        .isNotEmpty()
        .allSatisfy(
            price -> {
              assertThat(price.source().toString()).startsWith("https://aws.amazon.com/");
              assertThat(price.usd()).isPositive();
              assertThat(price.per()).isNotBlank();
              assertThat(price.read()).isNotBlank();
            });
  }

  @Test
  void aStackThatDoesMoreCostsMore() {
    var larger = SAMPLE.replace("min: 1", "min: 2");
    assertThat(Bill.idle(Made.config(larger), Made.of(larger), PRICES).sum())
        .isGreaterThan(IDLE.sum().add(PRICES.of("fargate.vcpu.hour", Bill.HOURS)));
  }

  private static String table() {
    var text = new StringBuilder();
    text.append("**Idle: %s a month**, if nobody pushes or calls.\n\n".formatted(usd(IDLE.sum())));
    text.append("| a month | for | |\n|---:|---|---|\n");
    for (var whose : Bill.Whose.values()) {
      var rows = IDLE.of(whose);
      text.append(
          "| **%s** | **%s** | |\n"
              .formatted(
                  usd(Bill.sum(rows)),
                  switch (whose) {
                    case SERVICE -> "what any service behind a load balancer needs";
                    case SLIPWAY -> "what Slipway adds";
                  }));
      rows.forEach(row -> text.append(line(row)));
    }
    text.append("\n**%d pushes: %s** on top.\n\n".formatted(PUSHES, usd(PUSHED.sum())));
    text.append("| %d pushes | for | |\n|---:|---|---|\n".formatted(PUSHES));
    PUSHED.rows().forEach(row -> text.append(line(row)));
    text.append("\nWhat changes it, in `slipway.yaml`:\n\n");
    text.append("| | idle | difference | what it means |\n|---|---:|---:|---|\n");
    for (var change : SWITCHES) {
      var sum = change.idle();
      text.append(
          "| %s | %s | %s | %s |\n"
              .formatted(
                  change.said(), usd(sum), difference(sum.subtract(IDLE.sum())), change.meaning()));
    }
    text.append("\n");
    text.append(
        wrapped(
            Arrays.stream(Assumed.values())
                .map(Assumed::sentence)
                .collect(joining("; ", "Assumed, not measured: ", "."))
                .replace(",;", ",")
                .replace("; and", " and")));
    return text.toString();
  }

  private static String summary() {
    return wrapped(
        """
        Idle, with one task always on, the sample costs about **%s a month** in US East (N. Virginia): %s for \
        what any service behind a load balancer needs (%s), %s for what Slipway adds (%s, …). **%d pushes** \
        add %s. Three switches bring it down to %s: [what it costs](infra/README.md#what-it-costs).\
        """
            .formatted(
                whole(IDLE.sum()),
                whole(Bill.sum(IDLE.of(Bill.Whose.SERVICE))),
                biggest(Bill.Whose.SERVICE),
                whole(Bill.sum(IDLE.of(Bill.Whose.SLIPWAY))),
                biggest(Bill.Whose.SLIPWAY),
                PUSHES,
                usd(PUSHED.sum()),
                whole(CHEAPEST.idle())));
  }

  private static String biggest(Bill.Whose whose) {
    return IDLE.of(whose).stream()
        .limit(3)
        .map(row -> row.what().replaceAll(",.*", ""))
        // Words, but neither NAT nor X-Ray.
        .map(what -> what.matches("[A-Z][a-z].*") ? what.toLowerCase(Locale.ROOT) : what)
        .collect(joining(", "));
  }

  /** As wide as the rest of the page. */
  private static String wrapped(String paragraph) {
    return paragraph.replaceAll("(?<=\\G|\n)(.{1,119}\\S)(?: |$)", "$1\n");
  }

  private static String line(Bill.Row row) {
    return "| %s | %s | %s |\n".formatted(usd(row.usd()), row.what(), row.how());
  }

  private static String usd(BigDecimal amount) {
    return "$" + amount.setScale(2);
  }

  private static String whole(BigDecimal amount) {
    return "$" + amount.setScale(0, RoundingMode.HALF_UP);
  }

  private static String difference(BigDecimal amount) {
    return (amount.signum() < 0 ? "−" : "+") + usd(amount.abs());
  }

  private static void compare(Path file, String now) {
    var text = read(file);
    int from = text.indexOf(BEGIN) + BEGIN.length();
    int to = text.indexOf(END, from);
    assertThat(text).contains(BEGIN, END);
    if ("update".equals(System.getProperty("cost"))) {
      text = text.substring(0, from) + now + text.substring(to);
      write(file, text);
      to = from + now.length();
    }
    assertThat(now)
        .as("%s: if this change is meant: mvn -pl infra -am verify -Dcost=update", file)
        .isEqualTo(text.substring(from, to));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
