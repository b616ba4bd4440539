package slipway.local.github;

import com.fasterxml.jackson.jr.ob.JSON;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/**
 * GitHub with some repositories, on a free port of the loopback interface: anybody on this machine
 * may clone and push; the API's writes need the token. Its paths are GitHub Enterprise Server's.
 */
public final class GitHub implements AutoCloseable {
  static final String DEFAULT_BRANCH = "main";
  private static final String API = "/api/v3";
  private static final Pattern NAME = Pattern.compile("[\\w.-]+/[\\w.-]+");
  private static final Pattern GIT = Pattern.compile("/([^/]+/[^/]+)\\.git(/.*)");
  private static final Pattern REPOSITORY = Pattern.compile(API + "/repos/([^/]+/[^/]+)(/.*)?");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, HostedRepository> repositories =
      new ConcurrentSkipListMap<>(String.CASE_INSENSITIVE_ORDER);
  private final Path folder;
  private final String token;
  private final Clock clock;

  private GitHub(HttpServer server, Path folder, String token, Clock clock) {
    this.server = server;
    this.folder = folder;
    this.token = token;
    this.clock = clock;
  }

  /**
   * Makes the repositories and starts to serve them.
   *
   * @param folder for the bare repositories; made
   * @param seeds what each repository starts with, by {@code owner/name}
   * @param token that may write through the API
   */
  public static GitHub start(Path folder, Map<String, Seed> seeds, String token, Clock clock) {
    GitHub github;
    try {
      github =
          new GitHub(
              HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0),
              folder,
              token,
              clock);
    } catch (IOException e) {
      throw new UncheckedIOException("GitHub cannot listen on the loopback interface", e);
    }
    try {
      seeds.forEach(github::host);
    } catch (RuntimeException e) {
      github.close();
      throw e;
    }
    github.server.setExecutor(github.threads);
    github.server.createContext("/", github::serve);
    github.server.start();
    return github;
  }

  /**
   * Makes one more repository.
   *
   * @param fullName {@code owner/name}
   */
  public HostedRepository host(String fullName, Seed seed) {
    if (!NAME.matcher(fullName).matches())
      throw new IllegalArgumentException("repository '" + fullName + "': want owner/name");
    var git = seed.repository(folder.resolve(fullName + ".git"), fullName, clock.instant());
    var repository = new HostedRepository(fullName, git, web(), api(), token, clock);
    repositories.put(fullName, repository);
    return repository;
  }

  /** Whether it has the repository. */
  public boolean has(String fullName) {
    return repositories.containsKey(fullName);
  }

  /** Root of the web pages and of git URLs, for {@code github.web}. */
  public URI web() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Root of the REST API, for {@code github.api}. */
  public URI api() {
    return URI.create(web() + API);
  }

  /**
   * A repository that it has.
   *
   * @param fullName {@code owner/name}, in any case
   */
  public HostedRepository repository(String fullName) {
    return find(fullName)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no repository %s, but %s"
                        .formatted(fullName, repositories.keySet())));
  }

  private Optional<HostedRepository> find(String fullName) {
    return Optional.ofNullable(repositories.get(fullName));
  }

  /** Every repository, by name. */
  public List<HostedRepository> repositories() {
    return List.copyOf(repositories.values());
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    repositories.values().forEach(HostedRepository::close);
  }

  /** JSON with null members, which GitHub's payloads have. */
  static String json(Object tree) {
    try {
      return JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES).asString(tree);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write as JSON: " + tree.getClass().getName(), e);
    }
  }

  private void serve(HttpExchange http) throws IOException {
    try (http) {
      var exchange = new Exchange(http);
      var git = GIT.matcher(exchange.path());
      var api = REPOSITORY.matcher(exchange.path());
      var asked =
          git.matches()
              ? find(git.group(1))
              : api.matches() ? find(api.group(1)) : Optional.<HostedRepository>empty();
      if (asked.isEmpty()) exchange.answer(404, Refusal.notFound().tree());
      else if (git.matches()) asked.get().git().serve(git.group(2), exchange);
      else asked.get().api().serve(Optional.ofNullable(api.group(2)).orElse(""), exchange);
    }
  }
}
