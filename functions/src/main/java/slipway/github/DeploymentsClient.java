package slipway.github;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLEncoder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import slipway.json.Json;
import slipway.json.Malformed;

/**
 * Deployments by GitHub's REST API. GitHub makes as many as it is asked for, so this looks before
 * it makes one: each carries its rollout's name in its payload. That, and nothing kept here, is
 * what keeps a repeat after a crash from making a second. Thread-safe.
 */
final class DeploymentsClient implements GitHubDeployments {
  /** Member of the payload that names the rollout. */
  private static final String MARK = "slipway";

  private static final int REMEMBERED = 100;

  private final GitHubHttp http;

  /** Spares looking again while a function is warm. */
  private final Map<Identity, Known> known =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Identity, Known> eldest) {
              return size() > REMEMBERED;
            }
          });

  DeploymentsClient(GitHubHttp http) {
    this.http = http;
  }

  private record Identity(String repository, String commit, String environment, String key) {
    static Identity of(Deployment deployment) {
      return new Identity(
          deployment.repository(), deployment.commit(), deployment.environment(), deployment.key());
    }
  }

  /**
   * @param last state that was told from here
   */
  private record Known(long id, State last) {}

  @Override
  public void set(
      Deployment deployment,
      State state,
      String description,
      Optional<URI> log,
      Optional<URI> environment) {
    var identity = Identity.of(deployment);
    var before = Optional.ofNullable(known.remove(identity));
    if (before.filter(one -> one.last() == state && state.ended()).isEmpty()) {
      var id = before.map(Known::id).or(() -> findOrMake(deployment, state));
      if (id.isEmpty()) return;
      tell(deployment, id.get(), state, status(state, description, log, environment));
      before = Optional.of(new Known(id.get(), state));
    }
    // Put back only now: one that GitHub refused, such as one that somebody deleted, is looked for
    // again the next time.
    known.put(identity, before.get());
  }

  private Optional<Long> findOrMake(Deployment deployment, State state) {
    var found = find(deployment);
    if (found.isPresent() || state == State.INACTIVE) return found;
    return Optional.of(make(deployment));
  }

  /** The newest hundred of the commit in this environment: a rollout does not get older. */
  private Optional<Long> find(Deployment deployment) {
    var query =
        "?sha=%s&environment=%s&per_page=100"
            .formatted(deployment.commit(), URLEncoder.encode(deployment.environment(), UTF_8));
    var what = "look for the deployment of " + about(deployment);
    return http.send(GitHubHttp.Call.get(what, path(deployment) + query))
        .read(
            list ->
                list.items().stream()
                    .filter(one -> names(one.at("payload"), deployment.key()))
                    .findFirst()
                    .map(DeploymentsClient::id));
  }

  private long make(Deployment deployment) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("ref", deployment.commit());
    tree.put("auto_merge", false); // deploys what is there, and writes nothing to the repository
    tree.put("required_contexts", List.of()); // it tells of a rollout, and asks for none
    tree.put("payload", Map.of(MARK, deployment.key()));
    tree.put("environment", deployment.environment());
    tree.put("description", deployment.description());
    tree.put("production_environment", deployment.production());
    tree.put("transient_environment", false);
    var call =
        GitHubHttp.Call.post("make the deployment of " + about(deployment), path(deployment), tree);
    var reply = http.sendOnce(call);
    if (reply.status() < 500) return reply.read(DeploymentsClient::id);
    // It may be made all the same.
    return find(deployment).orElseGet(() -> http.sendOnce(call).read(DeploymentsClient::id));
  }

  private void tell(Deployment deployment, long id, State state, Map<String, ?> status) {
    var what = "set deployment %d, of %s, to %s".formatted(id, about(deployment), state.wireName());
    var path = path(deployment) + "/" + id + "/statuses";
    var reply = http.send(GitHubHttp.Call.post(what, path, status));
    if (!reply.ok()) throw reply.refusal();
  }

  private static Map<String, ?> status(
      State state, String description, Optional<URI> log, Optional<URI> environment) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("state", state.wireName());
    tree.put("description", Description.cut(description));
    log.ifPresent(page -> tree.put("log_url", page.toString()));
    environment.ifPresent(page -> tree.put("environment_url", page.toString()));
    // GitHub would go by the environment's name, and leave production alone.
    tree.put("auto_inactive", false);
    return tree;
  }

  /** GitHub gives a payload back as it was sent, or as the text of it. */
  private static boolean names(Json payload, String key) {
    if (!(payload.value() instanceof String text))
      return payload.value() instanceof Map<?, ?> map && key.equals(map.get(MARK));
    try {
      return names(Json.parse(text), key);
    } catch (Malformed _) {
      return false; // somebody else's
    }
  }

  /** Numbers of deployments are beyond 32 bits. */
  private static long id(Json deployment) {
    return (long) deployment.at("id").number();
  }

  private static String path(Deployment deployment) {
    return "/repos/" + deployment.repository() + "/deployments";
  }

  private static String about(Deployment deployment) {
    return "rollout %s of %s to %s"
        .formatted(deployment.key(), deployment.repository(), deployment.environment());
  }
}
