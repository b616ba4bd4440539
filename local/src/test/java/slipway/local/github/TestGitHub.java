package slipway.local.github;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import slipway.json.Json;

/** A GitHub with two repositories; one has a webhook and is cloned. */
abstract class TestGitHub {
  static final String SECRET = "It's a Secret to Everybody";
  static final String TOKEN = "a-token";
  static final String ZEROS = "0".repeat(40);

  @TempDir Path folder;
  final BlockingQueue<Hooked> hooks = new LinkedBlockingQueue<>();
  final AtomicInteger answer = new AtomicInteger(202);
  private final HttpClient http = HttpClient.newHttpClient();
  private HttpServer receiver;
  GitHub github;
  HostedRepository repository;
  Path clone;

  record Hooked(Map<String, String> headers, byte[] body) {
    Json json() {
      return Json.parse(new String(body, StandardCharsets.UTF_8));
    }
  }

  @BeforeEach
  void startGitHubWithAWebhookAndCloneIt() throws Exception {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          var headers = new java.util.TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
          exchange
              .getRequestHeaders()
              .forEach((name, values) -> headers.put(name, values.getFirst()));
          hooks.add(new Hooked(headers, exchange.getRequestBody().readAllBytes()));
          var body = "seen".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(answer.get(), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    receiver.start();
    var sources = Files.createDirectories(folder.resolve("sources/app"));
    Files.writeString(sources.resolve("App.java"), "class App {}\n");
    Files.createDirectories(sources.resolve("target"));
    Files.writeString(sources.resolve("target/App.class"), "built");
    var readme = Files.writeString(folder.resolve("sources/README.md"), "Dice\n");
    github =
        GitHub.start(
            folder.resolve("github"),
            Map.of(
                "example/dice",
                new Seed(Map.of("app", sources, "README.md", readme), Set.of("main", "next")),
                "example/cards",
                new Seed(Map.of("README.md", readme), Set.of("main"))),
            TOKEN,
            Clock.fixed(Instant.parse("2026-08-04T00:00:00Z"), ZoneOffset.UTC));
    repository = github.repository("example/dice");
    repository.connect(
        URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/"), SECRET);
    assertThat(next().headers()).containsEntry("X-GitHub-Event", "ping");
    clone = folder.resolve("clone");
    git(folder, "clone", "-q", repository.cloneUrl().toString(), clone.toString());
  }

  @AfterEach
  void stop() {
    github.close();
    receiver.stop(0);
    http.close();
  }

  Hooked next() throws InterruptedException {
    var hooked = hooks.poll(20, TimeUnit.SECONDS);
    assertThat(hooked).as("a webhook within 20 s").isNotNull();
    return hooked;
  }

  String commit(String message) throws Exception {
    git(clone, "add", "-A");
    git(clone, "commit", "-q", "-m", message);
    return git(clone, "rev-parse", "HEAD");
  }

  static String git(Path place, String... arguments) throws Exception {
    var ran = run(place, arguments);
    assertThat(ran.exit()).as("git " + List.of(arguments) + ": " + ran.text()).isZero();
    return ran.text().strip();
  }

  record Ran(int exit, String text) {}

  static Ran run(Path place, String... arguments) throws Exception {
    var command =
        new ArrayList<>(List.of("git", "-c", "user.name=Dev", "-c", "user.email=dev@example.com"));
    command.addAll(List.of(arguments));
    var process =
        new ProcessBuilder(command).directory(place.toFile()).redirectErrorStream(true).start();
    var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(process.waitFor(), text);
  }

  String post(String path, String body) throws Exception {
    return send(path, body, Map.of("Authorization", "Bearer " + TOKEN));
  }

  String send(String path, String body, Map<String, String> headers) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(github.api() + path))
            .POST(HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::header);
    var response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    return response.statusCode() + " " + response.body();
  }

  HttpResponse<String> get(String path, Map<String, String> headers)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create(github.api() + path));
    headers.forEach(request::header);
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
