package slipway.dice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.json.JsonMapper;

/** The whole service over real HTTP. */
class DiceServiceTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final ByteArrayOutputStream LOG = new ByteArrayOutputStream();
  private static final PrintStream CONSOLE = System.out;
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static ConfigurableApplicationContext service;
  private static URI home;

  @BeforeAll
  static void start() {
    System.setOut(new PrintStream(LOG, true, StandardCharsets.UTF_8));
    service = SpringApplication.run(DiceApplication.class, "--server.port=0", "--COMMIT=abc123");
    home =
        URI.create("http://localhost:" + service.getEnvironment().getProperty("local.server.port"));
  }

  @AfterAll
  static void stop() {
    service.close();
    HTTP.close();
    System.setOut(CONSOLE);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 6, 1000})
  void rollsAsManyDiceAsAsked(int rolls) {
    var answer = get("/rolldice?rolls=" + rolls);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(dice(answer)).hasSize(rolls).allSatisfy(die -> assertThat(die).isBetween(1, 6));
  }

  @Test
  void everyFaceComesUp() {
    // That a fair die misses a face in 1000 rolls happens once in 10^78.
    assertThat(dice(get("/rolldice?rolls=1000"))).contains(1, 2, 3, 4, 5, 6);
  }

  @ParameterizedTest
  @CsvSource({
    "/rolldice, rolls must be a whole number from 1 to 1000; it was missing",
    "/rolldice?rolls=, rolls must be a whole number from 1 to 1000; it was not",
    "/rolldice?rolls=six, rolls must be a whole number from 1 to 1000; it was not",
    "/rolldice?rolls=2.5, rolls must be a whole number from 1 to 1000; it was not",
    "/rolldice?rolls=99999999999, rolls must be a whole number from 1 to 1000; it was not",
    "'/rolldice?rolls=1&rolls=2', rolls must be a whole number from 1 to 1000; it was not",
    "/rolldice?rolls=0, rolls must be a whole number from 1 to 1000; it was 0",
    "/rolldice?rolls=-1, rolls must be a whole number from 1 to 1000; it was -1",
    "/rolldice?rolls=1001, rolls must be a whole number from 1 to 1000; it was 1001",
  })
  void refusesRollsThatItCannotRollAndSaysWhichFieldAndWhy(String path, String why) {
    var answer = get(path);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
    assertThat(json(answer))
        .isEqualTo(
            Map.of(
                "title", "Bad Request",
                "status", 400,
                "detail", why,
                "instance", "/rolldice",
                "field", "rolls"));
  }

  @Test
  void refusesAPlayerWithAnEndlessName() {
    var answer = get("/rolldice?rolls=1&player=" + "x".repeat(51));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer))
        .containsEntry("field", "player")
        .containsEntry("detail", "player must have at most 50 characters; it had 51");
  }

  @Test
  void logsARollAsOneLineOfJsonWhateverThePlayersName() {
    get("/rolldice?rolls=3&player=Mallory%0A%22level%22:%22ERROR%22");
    var lines =
        LOG.toString(StandardCharsets.UTF_8).lines().filter(l -> l.contains("Mallory")).toList();
    assertThat(lines).hasSize(1);
    assertThat(object(lines.getFirst()))
        .containsEntry("message", "dice rolled")
        .containsEntry("player", "Mallory_\"level\":\"ERROR\"")
        .containsEntry("rolls", 3)
        .containsEntry("service", Map.of("name", "dice", "version", "abc123", "node", Map.of()));
  }

  /** Where the OpenTelemetry agent puts the ids, and CloudWatch looks for them: at the top. */
  @Test
  void logsTheTraceThatARollBelongsTo() {
    try (var _ = MDC.putCloseable("trace_id", "0af7651916cd43dd8448eb211c80319c");
        var _ = MDC.putCloseable("span_id", "b7ad6b7169203331")) {
      LoggerFactory.getLogger(getClass()).info("in a trace");
    }
    var line =
        LOG.toString(StandardCharsets.UTF_8)
            .lines()
            .filter(l -> l.contains("in a trace"))
            .findFirst();
    assertThat(object(line.orElseThrow()))
        .containsEntry("trace_id", "0af7651916cd43dd8448eb211c80319c")
        .containsEntry("span_id", "b7ad6b7169203331");
  }

  @Test
  void saysThatItIsHealthyAndWhichVersionItIs() {
    var answer = get("/healthcheck");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(json(answer)).isEqualTo(Map.of("status", "UP", "version", Version.VERSION));
  }

  @Test
  void saysWhatIsRunning() {
    assertThat(json(get("/")))
        .isEqualTo(Map.of("service", "dice", "version", Version.VERSION, "commit", "abc123"));
  }

  @Test
  void leavesTheCommitOutWhereNobodySaidIt() {
    assertThat(JSON.writeValueAsString(new AboutController("").about()))
        .isEqualTo("{\"service\":\"dice\",\"version\":\"" + Version.VERSION + "\"}");
  }

  @Test
  void answersAProblemForWhatIsNotThere() {
    var answer = get("/nothing");
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
  }

  private static HttpResponse<String> get(String path) {
    try {
      return HTTP.send(
          HttpRequest.newBuilder(home.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError("GET " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("GET " + path, e);
    }
  }

  private static List<Integer> dice(HttpResponse<String> answer) {
    return List.of(JSON.readValue(answer.body(), Integer[].class));
  }

  private static Map<String, Object> json(HttpResponse<String> answer) {
    return object(answer.body());
  }

  private static Map<String, Object> object(String text) {
    return JSON.readValue(
        text, JSON.getTypeFactory().constructMapType(Map.class, String.class, Object.class));
  }
}
