package slipway.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import slipway.account.Installation;
import slipway.config.Service;
import slipway.config.Slo;
import slipway.json.Json;
import slipway.local.cloud.CallLog;
import slipway.local.cloud.Pace;
import slipway.local.cloud.Place;
import slipway.local.github.CommitStatus;
import slipway.local.github.Delivery;
import slipway.local.metrics.Alarms;
import slipway.local.stack.Clients;
import slipway.local.stack.LocalStack;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionField;

/**
 * The one Slipway that all end-to-end tests share, with what its users see. Deployed for the first
 * test that asks; closed after the last, if none of them closed it.
 */
final class Deployed implements Installation, AutoCloseable {
  private static final String VERSION_FILE = "app/src/main/java/slipway/dice/Version.java";
  private static final Pattern VERSION = Pattern.compile("VERSION = \"[^\"]*\"");

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final AtomicBoolean closed = new AtomicBoolean();
  final LocalSlipway slipway;
  final LocalStack stack;
  final Checkout clone;
  final Feed<CommitStatus> statuses;
  final Feed<Delivery> deliveries;
  final Feed<CallLog.Entry> calls;
  final Feed<Json> events;

  /** Gives tests the one that is deployed. */
  static final class Once implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Deployed.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(ExtensionContext.Namespace.create(Deployed.class))
          .computeIfAbsent(Deployed.class, _ -> new Deployed(), Deployed.class);
    }
  }

  private Deployed() {
    slipway = LocalSlipway.start(LocalSlipway.Plan.fromSystemProperties(new Pace(15), _ -> {}));
    stack = slipway.stack();
    // What a schedule finds to do comes when a test asks for it, not beside what it counts.
    stack.schedules().onlyWhenTold();
    slipway.canaries().onlyWhenTold();
    clone = new Checkout(slipway.repository().cloneUrl());
    statuses = slipway.statuses();
    deliveries = slipway.deliveries();
    calls = slipway.calls();
    events = slipway.events();
  }

  /** Pushes a change that gives the app that version; returns its commit. */
  String pushVersion(String version) {
    var now = VERSION.matcher(clone.git("show", "HEAD:" + VERSION_FILE));
    if (!now.find()) throw new IllegalStateException(VERSION_FILE + " names no version");
    clone.change(VERSION_FILE, now.group(), "VERSION = \"%s\"".formatted(version));
    var commit = clone.commit("Call it " + version);
    clone.push();
    return commit;
  }

  /** Waits for the status that ends the context's work on the commit. */
  CommitStatus end(String commit, String context) {
    return statuses.first(
        context + " of " + commit + " that is not pending",
        Duration.ofSeconds(180),
        status ->
            status.commit().equals(commit)
                && status.context().equals(context)
                && !status.state().equals("pending"));
  }

  /** What the commit was told, oldest first. */
  List<String> states(String commit, String context) {
    return slipway.repository().statuses(commit).stream()
        .filter(status -> status.context().equals(context))
        .map(CommitStatus::state)
        .toList();
  }

  /** Waits for what the webhook answered to the push that brought the ref to the commit. */
  Delivery delivery(String ref, String commit) {
    return deliveries.first(
        "delivery of " + ref + " at " + commit,
        Duration.ofSeconds(30),
        delivery -> {
          var payload = Json.parse(delivery.payload());
          return delivery.event().equals("push")
              && payload.at("ref").text().equals(ref)
              && payload.at("after").text().equals(commit);
        });
  }

  /** The version that answers through the load balancer. */
  String version() {
    return Json.parse(get(slipway.service().resolve("/")).body()).at("version").text();
  }

  HttpResponse<String> get(URI uri) {
    return send(HttpRequest.newBuilder(uri));
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(
          request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException("no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public Map<String, String> outputs() {
    return stack.outputs();
  }

  @Override
  public String stack() {
    return slipway.config().stack();
  }

  @Override
  public String service() {
    return only().name().value();
  }

  @Override
  public Set<String> slos() {
    return only().slos().stream().map(Slo::name).collect(Collectors.toSet());
  }

  private Service only() {
    return slipway.config().services().getFirst();
  }

  @Override
  public URI gitHubApi() {
    return slipway.github().api();
  }

  @Override
  public String gitHubToken() {
    var secret = slipway.config().github().tokenSecret().orElseThrow();
    return Json.parse(stack.secrets().value(secret)).at("Token").text();
  }

  @Override
  public String repository() {
    return only().source().repository();
  }

  @Override
  public String branch() {
    return only().source().branch();
  }

  @Override
  public Checkout checkout() {
    return clone;
  }

  @Override
  public Patience patience() {
    return new Patience(Duration.ofMinutes(3), Duration.ofMillis(250));
  }

  /** A real SDK client with an operator's keys. */
  @Override
  public <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(B builder) {
    return Clients.of(builder, stack, stack.operator());
  }

  /** The revision that the service deploys or runs, such as {@code dice:1}. */
  String runningRevision() {
    try (var ecs = client(EcsClient.builder())) {
      var service =
          ecs.describeServices(ask -> ask.cluster("slipway").services("dice"))
              .services()
              .getFirst();
      return service.taskDefinition().substring(service.taskDefinition().lastIndexOf('/') + 1);
    }
  }

  DescribeTaskDefinitionResponse revision(String name) {
    try (var ecs = client(EcsClient.builder())) {
      return ecs.describeTaskDefinition(
          ask -> ask.taskDefinition(name).include(TaskDefinitionField.TAGS));
    }
  }

  /** Fires the schedule that has the word in its name, now. */
  void fire(String word) {
    stack.schedules().fireNow(stack.schedules().named(word));
  }

  /** Fires such a schedule; returns when the function that it wakes has looked. */
  void look(String word, String function) {
    var start = Instant.now();
    fire(word);
    invoked(function, start);
  }

  /** How often an operation was called since then, whoever called it. */
  long count(String operation, Instant since) {
    return stack.calls().since(since).stream()
        .filter(call -> call.operation().equals(operation))
        .count();
  }

  /** Waits until a function has been invoked by what came in since then. */
  CallLog.Entry invoked(String function, Instant since) {
    return calls.first(
        "invocation of " + function,
        Duration.ofSeconds(60),
        call -> call.operation().equals("Invoke " + function) && !call.at().isBefore(since));
  }

  /** Waits until the alarm is on since then. */
  void rings(String alarm, Instant since) {
    slipway
        .alarms()
        .first(
            "alarm " + alarm,
            Duration.ofSeconds(60),
            change ->
                change.alarm().equals(alarm)
                    && change.to() == Alarms.State.ALARM
                    && change.at().isAfter(since));
  }

  /** How many messages with that beginning of a subject were published since then. */
  long published(Instant since, String subject) {
    return stack.topics().notices().stream()
        .filter(notice -> notice.at().isAfter(since) && notice.subject().startsWith(subject))
        .count();
  }

  /** The JSON lines in a function's log: its own, and those that Lambda writes beside them. */
  List<Json> logged(String function) {
    try {
      return Files.readAllLines(stack.logs().resolve(function + ".log")).stream()
          .filter(line -> line.startsWith("{"))
          .map(Json::parse)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Everything that waits in a dead-letter queue. */
  List<String> deadLetters() {
    var letters = new ArrayList<String>();
    for (var name :
        List.of(
            "slipway-events-dead",
            "slipway-slos-dead",
            "slipway-audits-dead.fifo",
            "slipway-rollouts-dead.fifo"))
      letters.addAll(stack.queues().byArn(Place.arn("sqs", name)).orElseThrow().bodies());
    return letters;
  }

  /** Calls that a policy did not allow. */
  List<CallLog.Entry> refused() {
    return stack.calls().all().stream()
        .filter(call -> call.error().contains("AccessDenied") || call.status() == 403)
        .toList();
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) return;
    clone.close();
    slipway.close();
    http.close();
  }
}
