package slipway.local.github;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.ReceiveCommand;

/** A repository with its own clone URL, webhook, statuses and deployments. */
public final class HostedRepository implements AutoCloseable {
  private final String fullName;
  private final Repository repository;
  private final Clock clock;
  private final Webhook webhook;
  private final Statuses statuses;
  private final Deployments deployments;
  private final Descriptions descriptions;
  private final Pushes pushes;
  private final GitServer git;
  private final Api api;

  /**
   * @param web root of the web pages, without a slash at its end
   * @param apiRoot root of the API, without a slash at its end
   * @param token that may write through the API
   */
  HostedRepository(
      String fullName, Repository repository, URI web, URI apiRoot, String token, Clock clock) {
    this.fullName = fullName;
    this.repository = repository;
    this.clock = clock;
    this.statuses = new Statuses(clock);
    this.deployments = new Deployments(clock);
    this.descriptions = new Descriptions(fullName, web.toString(), apiRoot.toString(), clock);
    this.webhook = new Webhook(descriptions.id());
    this.pushes = new Pushes(repository, descriptions);
    this.git = new GitServer(repository, this::pushed);
    this.api = new Api(repository, descriptions, statuses, deployments, token);
  }

  /** Owner and name, such as {@code example/dice}. */
  public String fullName() {
    return fullName;
  }

  /** What to clone and push to. */
  public URI cloneUrl() {
    return URI.create(descriptions.web() + ".git");
  }

  /** The commit that the branch is at. */
  public String head(String branch) {
    try {
      var ref = repository.exactRef("refs/heads/" + branch);
      if (ref == null)
        throw new IllegalArgumentException("%s has no branch %s".formatted(fullName, branch));
      return ref.getObjectId().name();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read branch " + branch + " of " + fullName, e);
    }
  }

  /** From now on sends events to the webhook; the first is {@code ping}. */
  public void connect(URI url, String secret) {
    webhook.connect(url, secret);
    webhook.send("ping", GitHub.json(ping(url)));
  }

  /** Whether it has a webhook. */
  public boolean connected() {
    return webhook.connected();
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

  /**
   * For tests: from now on events are not sent, until what is given back is closed. GitHub sends an
   * event once: nobody hears of it later.
   */
  public Outage loseEvents() {
    return webhook.lose();
  }

  /** All statuses of the commit, oldest first. */
  public List<CommitStatus> statuses(String commit) {
    return statuses.of(commit);
  }

  /** Tells of each status when it is set. */
  public void onStatus(Consumer<CommitStatus> listener) {
    statuses.listen(listener);
  }

  /** All deployments of the commit with their statuses, oldest first. */
  public List<Deployment> deployments(String commit) {
    return deployments.of(commit);
  }

  /** Tells of each status of a deployment when it is set. */
  public void onDeploymentStatus(Consumer<DeploymentStatus> listener) {
    deployments.listen(listener);
  }

  GitServer git() {
    return git;
  }

  Api api() {
    return api;
  }

  @Override
  public void close() {
    webhook.close();
    repository.close();
  }

  private void pushed(Collection<ReceiveCommand> commands) {
    try {
      pushes.events(commands).forEach(event -> webhook.send("push", GitHub.json(event)));
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
