package slipway.local.github;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import slipway.json.Json;

/** Deployments and their statuses. Thread-safe. */
final class Deployments {
  private static final Set<String> STATES =
      Set.of("error", "failure", "inactive", "in_progress", "queued", "pending", "success");
  private static final int DESCRIPTION = 140;
  private static final int PAGE = 30;
  private static final int LONGEST_PAGE = 100;

  /** Numbers are beyond 32 bits, as GitHub's are. */
  private static final long BEFORE_FIRST = 3_000_000_000L;

  private final Clock clock;
  private final Map<Long, Deployment> deployments = new LinkedHashMap<>();
  private final List<Consumer<DeploymentStatus>> listeners = new CopyOnWriteArrayList<>();
  private long lastStatus = BEFORE_FIRST;

  Deployments(Clock clock) {
    this.clock = clock;
  }

  void listen(Consumer<DeploymentStatus> listener) {
    listeners.add(listener);
  }

  /** The deployments of the commit, oldest first. */
  synchronized List<Deployment> of(String commit) {
    return deployments.values().stream().filter(one -> one.commit().equals(commit)).toList();
  }

  /**
   * Required contexts are not played: they are as fulfilled, and nothing is ever merged.
   *
   * @param commit finds the commit that a branch, tag or id means
   */
  synchronized Deployment create(Json request, UnaryOperator<String> commit) {
    var ref =
        request
            .at("ref")
            .optionalText()
            .orElseThrow(() -> new Refusal(422, "Invalid request: \"ref\" wasn't supplied."));
    var environment = request.at("environment").optionalText().orElse("production");
    var deployment =
        new Deployment(
            BEFORE_FIRST + deployments.size() + 1,
            commit.apply(ref),
            ref,
            request.at("task").optionalText().orElse("deploy"),
            payload(request.at("payload")),
            environment,
            description(request),
            flag(request.at("transient_environment"), false),
            flag(request.at("production_environment"), environment.equals("production")),
            clock.instant(),
            List.of());
    deployments.put(deployment.id(), deployment);
    return deployment;
  }

  /**
   * Newest first; the query's {@code sha}, {@code ref}, {@code task}, {@code environment} choose,
   * its {@code per_page} and {@code page} cut.
   */
  synchronized List<Deployment> list(Map<String, String> query) {
    var size = Math.min(number(query, "per_page", PAGE), LONGEST_PAGE);
    return List.copyOf(deployments.values()).reversed().stream()
        .filter(
            one ->
                chosen(query, "sha", one.commit())
                    && chosen(query, "ref", one.ref())
                    && chosen(query, "task", one.task())
                    && chosen(query, "environment", one.environment()))
        .skip((long) size * (number(query, "page", 1) - 1))
        .limit(size)
        .toList();
  }

  synchronized Deployment get(long id) {
    var deployment = deployments.get(id);
    if (deployment == null) throw Refusal.notFound();
    return deployment;
  }

  DeploymentStatus addStatus(long id, Json request) {
    var added = add(id, request);
    added.forEach(status -> listeners.forEach(listener -> listener.accept(status)));
    return added.getFirst();
  }

  /** The status, and those of the deployments that it makes inactive. */
  private synchronized List<DeploymentStatus> add(long id, Json request) {
    var deployment = get(id);
    var state = request.at("state").optionalText().orElse("");
    if (!STATES.contains(state))
      throw new Refusal(422, "Validation Failed: state is '" + state + "': want one of " + STATES);
    var log = url(request, request.at("log_url").missing() ? "target_url" : "log_url");
    var added = new ArrayList<DeploymentStatus>();
    added.add(
        append(deployment, state, description(request), log, url(request, "environment_url")));
    if (state.equals("success") && flag(request.at("auto_inactive"), true))
      for (var prior : List.copyOf(deployments.values()))
        if (prior.id() < id
            && prior.environment().equals(deployment.environment())
            && !prior.transientOne()
            && !prior.production()
            && prior.state().equals("success")) added.add(append(prior, "inactive", "", "", ""));
    return added;
  }

  private DeploymentStatus append(
      Deployment to, String state, String description, String log, String environmentUrl) {
    var status =
        new DeploymentStatus(
            ++lastStatus,
            to.id(),
            to.commit(),
            to.environment(),
            state,
            description,
            log,
            environmentUrl,
            clock.instant());
    var statuses = new ArrayList<>(to.statuses());
    statuses.add(status);
    deployments.put(
        to.id(),
        new Deployment(
            to.id(),
            to.commit(),
            to.ref(),
            to.task(),
            to.payload(),
            to.environment(),
            to.description(),
            to.transientOne(),
            to.production(),
            to.created(),
            statuses));
    return status;
  }

  private static Object payload(Json payload) {
    return switch (payload.value()) {
      case null -> Map.of();
      case Map<?, ?> map -> map;
      case String text -> text;
      default -> throw new Refusal(422, "Validation Failed: payload is no object and no string");
    };
  }

  private static String description(Json request) {
    var description = request.at("description").optionalText().orElse("");
    if (description.length() > DESCRIPTION)
      throw new Refusal(
          422,
          "Validation Failed: description is too long (maximum is " + DESCRIPTION + " characters)");
    return description;
  }

  private static String url(Json request, String member) {
    var url = request.at(member).optionalText().orElse("");
    if (!url.isEmpty() && !url.matches("https?://\\S+"))
      throw new Refusal(422, "Validation Failed: " + member + " must use http(s) scheme");
    return url;
  }

  private static boolean flag(Json member, boolean otherwise) {
    return member.missing() ? otherwise : member.flag();
  }

  private static boolean chosen(Map<String, String> query, String name, String value) {
    return !query.containsKey(name) || query.get(name).equals(value);
  }

  private static int number(Map<String, String> query, String name, int otherwise) {
    var text = query.getOrDefault(name, "");
    return text.matches("[1-9]\\d{0,6}") ? Integer.parseInt(text) : otherwise;
  }
}
