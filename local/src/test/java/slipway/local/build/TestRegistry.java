package slipway.local.build;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import slipway.json.Json;
import slipway.local.cloud.AwsCall;
import slipway.local.cloud.AwsService.Permission;
import slipway.local.cloud.Caller;
import slipway.local.cloud.Events;
import slipway.local.registry.Ecr;
import slipway.local.stack.Resource;

/** A registry with one repository, its events, and a docker that is logged in to it. */
public final class TestRegistry implements AutoCloseable, Events {
  public static final String REPOSITORY = "slipway/dice/app";
  public static final Caller BUILDER =
      new Caller("KEY", "builder", "arn:aws:iam::123456789012:role/builder");

  /** An event that was put. */
  public record Event(String source, String type, List<String> resources, Json detail) {}

  public final List<Event> events = new CopyOnWriteArrayList<>();
  private final LinkedBlockingQueue<Event> unread = new LinkedBlockingQueue<>();

  /** Actions that nobody may do. */
  public final Map<String, Boolean> forbidden = new ConcurrentHashMap<>();

  private final Path folder;
  public final Ecr ecr;

  public TestRegistry(Path folder) {
    this.folder = folder;
    this.ecr = new Ecr(folder.resolve("registry"), this, (_, asked) -> allows(asked));
    var filter =
        Map.of(
            "ImageTagMutabilityExclusionFilterType", "WILDCARD",
            "ImageTagMutabilityExclusionFilterValue", "liv*");
    ecr.make(
        new Resource(
            "Repository",
            "AWS::ECR::Repository",
            Json.of(
                Map.of(
                    "RepositoryName",
                    REPOSITORY,
                    "ImageTagMutability",
                    "IMMUTABLE_WITH_EXCLUSION",
                    "ImageTagMutabilityExclusionFilters",
                    List.of(filter)))));
  }

  public boolean allows(Permission asked) {
    return !forbidden.containsKey(asked.action());
  }

  @Override
  public void put(String source, String type, List<String> resources, Map<String, Object> detail) {
    var event = new Event(source, type, resources, Json.of(detail));
    events.add(event);
    unread.add(event);
  }

  /** The next event that the test wants; those before it are passed over. */
  public Event await(java.util.function.Predicate<Event> wanted) throws InterruptedException {
    while (true) {
      var event = unread.poll(60, TimeUnit.SECONDS);
      if (event == null)
        throw new AssertionError("no such event within 60 s; there were " + events);
      if (wanted.test(event)) return event;
    }
  }

  public Json call(String operation, Map<String, Object> request) {
    var body = Json.write(request).getBytes(StandardCharsets.UTF_8);
    var call = new AwsCall("ecr", operation, BUILDER, "POST", "/", Map.of(), Map.of(), body);
    return Json.parse(new String(ecr.answer(call).body(), StandardCharsets.UTF_8));
  }

  public String login() {
    var data = call("GetAuthorizationToken", Map.of()).at("authorizationData").items().getFirst();
    return data.at("authorizationToken").text();
  }

  RegistryClient client(String login) {
    return new RegistryClient(URI.create("http://" + ecr.address()), login);
  }

  /** Runs docker as a build would, logged in. */
  public void docker(String... words) throws IOException {
    var config = Files.createDirectories(folder.resolve("docker"));
    Files.writeString(
        config.resolve("config.json"),
        Json.write(Map.of("auths", Map.of(Ecr.HOST, Map.of("auth", login())))));
    var environment = new LinkedHashMap<String, String>();
    environment.put("DOCKER_CONFIG", config.toString());
    environment.put(Shims.REGISTRY, ecr.address());
    var agent = Files.writeString(folder.resolve("substitute.jar"), "substitute");
    environment.put(Shims.DOWNLOADS, "agent.jar=" + agent);
    new DockerShim(environment).run(List.of(words));
  }

  /** Builds and pushes a context folder for linux/arm64 under a tag. */
  public void push(Path context, String tag, String... more) throws IOException {
    var words =
        new java.util.ArrayList<>(List.of("buildx", "build", "--tag", image(tag), "--push"));
    words.addAll(List.of(more));
    if (!words.contains("--platform")) words.addAll(List.of("--platform", "linux/arm64"));
    words.add(context.toString());
    docker(words.toArray(String[]::new));
  }

  public static String image(String tag) {
    return Ecr.HOST + "/" + REPOSITORY + ":" + tag;
  }

  @Override
  public void close() {
    ecr.close();
  }
}
