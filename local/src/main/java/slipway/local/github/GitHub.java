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
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.ReceiveCommand;

/**
 * GitHub with one repository, on a free port of the loopback interface: anybody on this machine may
 * clone and push; the API's writes need the token. Its paths are GitHub Enterprise Server's.
 */
public final class GitHub implements AutoCloseable {
  static final String DEFAULT_BRANCH = "main";
  private static final String API = "/api/v3";

  private final String fullName;
  private final Repository repository;
  private final Clock clock;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Webhook webhook = new Webhook();
  private final Statuses statuses;
  private final Descriptions descriptions;
  private final Pushes pushes;
  private final GitServer git;
  private final Api api;

  private GitHub(
      String fullName, Repository repository, HttpServer server, String token, Clock clock) {
    this.fullName = fullName;
    this.repository = repository;
    this.clock = clock;
    this.server = server;
    this.statuses = new Statuses(clock);
    this.descriptions = new Descriptions(fullName, web().toString(), api().toString(), clock);
    this.pushes = new Pushes(repository, descriptions);
    this.git = new GitServer(repository, this::pushed);
    this.api =
        new Api(
            fullName,
            repository,
            descriptions,
            statuses,
            new Deployments(descriptions, clock),
            token);
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  /**
   * Makes the repository and starts to serve it.
   *
   * @param folder for the bare repository; made
   * @param fullName {@code owner/name}
   * @param sources path in the repository → file or folder on disk; the one commit on {@code main}.
   *     What builds leave behind is left out
   * @param token that may write through the API
   */
  public static GitHub start(
      Path folder, String fullName, Map<String, Path> sources, String token, Clock clock) {
    if (!fullName.matches("[\\w.-]+/[\\w.-]+"))
      throw new IllegalArgumentException("repository '" + fullName + "': want owner/name");
    var repository = Seed.repository(folder, sources, clock.instant());
    try {
      var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      return new GitHub(fullName, repository, server, token, clock);
    } catch (IOException e) {
      repository.close();
      throw new UncheckedIOException("GitHub cannot listen on the loopback interface", e);
    }
  }

  /** Root of the web pages and of git URLs, for {@code github.web}. */
  public URI web() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Root of the REST API, for {@code github.api}. */
  public URI api() {
    return URI.create(web() + API);
  }

  /** What to clone and push to. */
  public URI cloneUrl() {
    return URI.create(web() + "/" + fullName + ".git");
  }

  /** The commit that the branch is at. */
  public String head(String branch) {
    try {
      var ref = repository.exactRef("refs/heads/" + branch);
      if (ref == null) throw new IllegalArgumentException("there is no branch " + branch);
      return ref.getObjectId().name();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read branch " + branch, e);
    }
  }

  /** From now on sends events to the webhook; the first is {@code ping}. */
  public void connect(URI url, String secret) {
    webhook.connect(url, secret);
    webhook.send("ping", json(ping(url)));
  }

  /** All deliveries that ended, oldest first. */
  public List<Delivery> deliveries() {
    return webhook.deliveries();
  }

  /** Tells of each delivery when it ended. */
  public void onDelivery(Consumer<Delivery> listener) {
    webhook.listen(listener);
  }

  /** Sends a delivery again, with the same id and payload. */
  public CompletableFuture<Delivery> redeliver(String id) {
    return webhook.redeliver(id);
  }

  /** All statuses of the commit, oldest first. */
  public List<CommitStatus> statuses(String commit) {
    return statuses.of(commit);
  }

  /** Tells of each status when it is set. */
  public void onStatus(Consumer<CommitStatus> listener) {
    statuses.listen(listener);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    webhook.close();
    repository.close();
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
      var path = exchange.path();
      var gitRoot = "/" + fullName + ".git";
      if (path.startsWith(gitRoot + "/")) git.serve(path.substring(gitRoot.length()), exchange);
      else if (path.startsWith(API + "/")) api.serve(path.substring(API.length()), exchange);
      else exchange.answer(404, Refusal.notFound().tree());
    }
  }

  private void pushed(Collection<ReceiveCommand> commands) {
    try {
      pushes.events(commands).forEach(event -> webhook.send("push", json(event)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read what was pushed to " + fullName, e);
    }
  }

  private Map<String, Object> ping(URI url) {
    var now = clock.instant().toString();
    var hook = new LinkedHashMap<String, Object>();
    hook.put("type", "Repository");
    hook.put("id", Webhook.ID);
    hook.put("name", "web");
    hook.put("active", true);
    hook.put("events", List.of("push"));
    hook.put(
        "config",
        Map.of(
            "content_type", "json",
            "insecure_ssl", "0",
            "secret", "********",
            "url", url.toString()));
    hook.put("updated_at", now);
    hook.put("created_at", now);
    hook.put("url", descriptions.api() + "/hooks/" + Webhook.ID);
    var ping = new LinkedHashMap<String, Object>();
    ping.put("zen", "Anything added dilutes everything else.");
    ping.put("hook_id", Webhook.ID);
    ping.put("hook", hook);
    ping.put("repository", descriptions.repository());
    ping.put("sender", descriptions.user());
    return ping;
  }
}
