package slipway.local.synthetics;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import slipway.json.Json;
import slipway.local.cloud.Place;

/**
 * A canary as the template declares it.
 *
 * @param script its code, which requires {@code Synthetics}
 * @param handler the function in it that a run calls
 * @param every time between two runs; empty for one that visits only when it is told to
 * @param role that it acts as
 */
record Canary(
    String name,
    String script,
    String handler,
    Map<String, String> environment,
    Optional<Duration> every,
    String role) {
  private static final Pattern RATE = Pattern.compile("rate\\((\\d+) (minute|minutes|hour)\\)");
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** Calls the handler; what it throws fails the run. */
  private static final String RUN =
      "require('./index')[process.argv[1]]().catch(e => { console.error(e); process.exit(1); });";

  Canary {
    environment = Map.copyOf(environment);
  }

  static Canary of(Json properties) {
    var runtime = properties.at("RuntimeVersion");
    if (!runtime.text().startsWith("syn-nodejs-"))
      throw runtime.unexpected("a syn-nodejs runtime: local plays no other");
    var handler = properties.at("Code").at("Handler");
    if (!handler.text().startsWith("index."))
      throw handler.unexpected("a function of index, as the script is inline");
    var environment = new TreeMap<String, String>();
    properties
        .at("RunConfig")
        .at("EnvironmentVariables")
        .members()
        .forEach((name, value) -> environment.put(name, value.text()));
    return new Canary(
        properties.at("Name").text(),
        properties.at("Code").at("Script").text(),
        handler.text().substring("index.".length()),
        environment,
        every(properties.at("Schedule").at("Expression")),
        properties.at("ExecutionRoleArn").text());
  }

  /** A {@code cron(…)} has no meaning at local's pace, and {@code rate(0 minute)} means once. */
  private static Optional<Duration> every(Json expression) {
    if (expression.text().startsWith("cron(")) return Optional.empty();
    var rate = RATE.matcher(expression.text());
    if (!rate.matches()) throw expression.unexpected("rate(… minutes), rate(1 hour) or cron(…)");
    var number = Long.parseLong(rate.group(1));
    if (number == 0) return Optional.empty();
    return Optional.of(
        rate.group(2).equals("hour") ? Duration.ofHours(number) : Duration.ofMinutes(number));
  }

  String arn() {
    return Place.arn("synthetics", "canary:" + name);
  }

  /**
   * Runs the script once, in a process of its own.
   *
   * @param folder of this canary alone
   * @param log what the script prints goes to its end
   * @return nothing if the run was ended from outside
   */
  Optional<Visit> run(Path folder, Path log) throws IOException {
    var results = folder.resolve("results.jsonl");
    prepare(folder, results);
    var builder = new ProcessBuilder("node", "-e", RUN, handler).directory(folder.toFile());
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    var variables = builder.environment();
    var path = variables.getOrDefault("PATH", "/usr/bin:/bin");
    variables.clear();
    variables.putAll(environment);
    variables.putAll(
        Map.of("PATH", path, "RESULTS", results.toString(), "AWS_REGION", Place.REGION));
    var began = System.nanoTime();
    var process = builder.start();
    try {
      var ended = process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return Optional.of(
          new Visit(
              steps(results),
              ended && process.exitValue() == 0,
              (System.nanoTime() - began) / 1e6));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      process.destroyForcibly();
    }
  }

  private void prepare(Path folder, Path results) throws IOException {
    var modules = Files.createDirectories(folder.resolve("node_modules"));
    Files.writeString(folder.resolve("index.js"), script);
    try (var library = Canary.class.getResourceAsStream("synthetics.js")) {
      Files.write(modules.resolve("Synthetics.js"), library.readAllBytes());
    }
    Files.writeString(results, "");
  }

  private static List<Visit.Step> steps(Path results) {
    try {
      var steps = new ArrayList<Visit.Step>();
      for (var line : Files.readAllLines(results)) {
        var step = Json.parse(line);
        steps.add(
            new Visit.Step(
                step.at("step").text(),
                step.at("status").missing()
                    ? Optional.empty()
                    : Optional.of(step.at("status").integer(100, 599)),
                step.at("ok").flag(),
                step.at("millis").number()));
      }
      return steps;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read what the canary did", e);
    }
  }
}
