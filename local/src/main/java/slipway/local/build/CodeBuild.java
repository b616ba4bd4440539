package slipway.local.build;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import slipway.json.Json;
import slipway.local.cloud.Authorizer;
import slipway.local.cloud.AwsAnswer;
import slipway.local.cloud.AwsCall;
import slipway.local.cloud.AwsError;
import slipway.local.cloud.AwsService;
import slipway.local.cloud.Caller;
import slipway.local.cloud.Events;
import slipway.local.cloud.Place;
import slipway.local.stack.Change;
import slipway.local.stack.Provisioner;
import slipway.local.stack.Resource;

/** CodeBuild: clones the project's source and really runs its buildspec. */
public final class CodeBuild implements AwsService, Provisioner, AutoCloseable {
  private static final Duration TOKEN_LIVES = Duration.ofMinutes(5);
  private static final int PAGE = 100;

  private final Path folder;
  private final Path shims;
  private final Sources sources;
  private final Access access;
  private final Authorizer authorizer;
  private final Events events;
  private final Map<String, Project> projects = new ConcurrentHashMap<>();
  private final Map<String, Build> builds = new LinkedHashMap<>();
  private final Map<String, Started> tokens = new LinkedHashMap<>();
  private boolean closed;

  private record Started(Build build, Object request, Instant at) {}

  /**
   * @param folder for one folder per build: {@code <uuid>/build.log} stays when it has ended
   * @param authorizer asked for what CodeBuild itself does as a project's role
   * @param shims first on the builds' PATH; see {@link Shims#write}
   */
  public CodeBuild(
      Path folder,
      Path shims,
      Sources sources,
      Access access,
      Authorizer authorizer,
      Events events) {
    this.folder = folder;
    this.shims = shims;
    this.sources = sources;
    this.access = access;
    this.authorizer = authorizer;
    this.events = events;
  }

  @Override
  public Set<String> types() {
    return Set.of("AWS::CodeBuild::Project");
  }

  @Override
  public Made make(Resource resource) {
    var name = resource.properties().at("Name").optionalText().orElse(resource.id());
    var project = Project.of(name, resource.properties());
    projects.put(name, project);
    return new Made(name, Map.of("Arn", project.arn()));
  }

  /** For the builds to come. */
  @Override
  public Made update(Change change) {
    return make(change.after());
  }

  /** With its builds: what runs is stopped. */
  @Override
  public synchronized void delete(Resource resource, Made made) {
    projects.remove(made.ref());
    builds.values().stream()
        .filter(build -> build.id().startsWith(made.ref() + ":"))
        .forEach(build -> build.stop("STOPPED"));
  }

  @Override
  public List<String> existing() {
    return projects.values().stream().map(Project::arn).toList();
  }

  @Override
  public String name() {
    return "codebuild";
  }

  @Override
  public List<Permission> needs(AwsCall call) {
    var action = "codebuild:" + call.operation();
    // Both by the builds' project, says CodeBuild's page in the Service Authorization Reference.
    if (call.operation().equals("BatchGetBuilds")) {
      return call.json().at("ids").items().stream()
          .map(id -> id.text().split(":")[0])
          .distinct()
          .map(project -> new Permission(action, arn(project)))
          .toList();
    }
    return List.of(new Permission(action, arn(call.json().at("projectName").text())));
  }

  private static String arn(String project) {
    return Place.arn("codebuild", "project/" + project);
  }

  @Override
  public AwsAnswer answer(AwsCall call) {
    return switch (call.operation()) {
      case "StartBuild" -> startBuild(call);
      case "BatchGetBuilds" -> batchGetBuilds(call.json());
      case "ListBuildsForProject" -> listBuildsForProject(call.json());
      default ->
          throw new AwsError(
              400, "InvalidInputException", "local does not play codebuild:" + call.operation());
    };
  }

  private AwsAnswer startBuild(AwsCall call) {
    var request = call.json();
    var unknown =
        request.members().keySet().stream()
            .filter(
                member ->
                    !Set.of(
                            "projectName",
                            "sourceVersion",
                            "sourceLocationOverride",
                            "idempotencyToken",
                            "environmentVariablesOverride")
                        .contains(member))
            .toList();
    if (!unknown.isEmpty()) throw invalid("local does not play StartBuild with " + unknown);
    var name = request.at("projectName").text();
    var location = request.at("sourceLocationOverride").optionalText();
    var project = location.map(project(name)::from).orElseGet(() -> project(name));
    var role = call.caller().roleArn();
    var initiator = role.substring(role.lastIndexOf('/') + 1) + "/" + call.caller().name();
    return AwsAnswer.json(Map.of("build", start(project, request, initiator).describe()));
  }

  private Project project(String name) {
    var project = projects.get(name);
    if (project == null)
      throw new AwsError(400, "ResourceNotFoundException", "Project cannot be found: " + arn(name));
    return project;
  }

  private synchronized Build start(Project project, Json request, String initiator) {
    if (closed) throw invalid("local is closing");
    var token = request.at("idempotencyToken").optionalText();
    tokens.values().removeIf(old -> old.at().plus(TOKEN_LIVES).isBefore(Instant.now()));
    var before = token.map(tokens::get);
    if (before.isPresent()) {
      if (before.get().request().equals(request.value())) return before.get().build();
      throw invalid("the idempotency token was used with other parameters: " + token.get());
    }
    var overrides = new ArrayList<Map<String, Object>>();
    for (var variable : request.at("environmentVariablesOverride").items()) {
      try {
        overrides.add(
            Project.variable(
                variable.at("name").text(),
                variable.at("type").optionalText().orElse("PLAINTEXT"),
                variable.at("value").text()));
      } catch (IllegalArgumentException e) {
        throw invalid(e.getMessage());
      }
    }
    var version = request.at("sourceVersion").optionalText();
    var build = new Build(project, builds.size() + 1, initiator, version, overrides, folder);
    builds.put(build.id(), build);
    token.ifPresent(t -> tokens.put(t, new Started(build, request.value(), Instant.now())));
    Thread.ofVirtual().name("build " + build.id()).start(() -> run(project, build));
    return build;
  }

  private void run(Project project, Build build) {
    tell(build);
    refused(project)
        .ifPresentOrElse(
            build::refuse,
            () ->
                build.run(
                    shims,
                    access.environment(project.name(), project.role()),
                    sources.local(project.location())));
    try {
      build.clean();
    } catch (IOException e) {
      throw new UncheckedIOException("build " + build.id() + ": cannot remove its files", e);
    } finally {
      tell(build);
    }
  }

  /** Why CodeBuild cannot even begin. */
  private Optional<String> refused(Project project) {
    var caller = new Caller("", project.name(), project.role());
    return project.usesOfItsRole().stream()
        .filter(any -> any.stream().noneMatch(use -> authorizer.allows(caller, use)))
        .map(List::getFirst)
        .map(
            use ->
                "ACCESS_DENIED: Service role %s does not allow AWS CodeBuild to perform %s on %s"
                    .formatted(project.role(), use.action(), use.resource()))
        .findFirst();
  }

  private void tell(Build build) {
    events.put(
        "aws.codebuild", "CodeBuild Build State Change", List.of(build.arn()), build.event());
  }

  /** Newest first unless asked otherwise; a hundred at a time. */
  private synchronized AwsAnswer listBuildsForProject(Json request) {
    var project = project(request.at("projectName").text()).name();
    var ids = builds.keySet().stream().filter(id -> id.startsWith(project + ":")).toList();
    var order = request.at("sortOrder").optionalText();
    if (order.isPresent() && ids.size() > PAGE)
      throw invalid("sortOrder cannot be set for a project with more than 100 builds");
    if (!order.equals(Optional.of("ASCENDING"))) ids = ids.reversed();
    var from = request.at("nextToken").optionalText().map(ids::indexOf).orElse(0);
    if (from < 0) throw invalid("nextToken is not one that was given");
    var to = Math.min(from + PAGE, ids.size());
    var answer = new LinkedHashMap<String, Object>();
    answer.put("ids", ids.subList(from, to));
    if (to < ids.size()) answer.put("nextToken", ids.get(to));
    return AwsAnswer.json(answer);
  }

  private synchronized AwsAnswer batchGetBuilds(Json request) {
    var ids = request.at("ids").items();
    if (ids.isEmpty() || ids.size() > PAGE)
      throw invalid("ids has " + ids.size() + " members: want 1 to 100");
    var found = new ArrayList<Map<String, Object>>();
    var missing = new ArrayList<String>();
    for (var id : ids) {
      Optional.ofNullable(builds.get(id.text()))
          .ifPresentOrElse(build -> found.add(build.describe()), () -> missing.add(id.text()));
    }
    return AwsAnswer.json(Map.of("builds", found, "buildsNotFound", missing));
  }

  /** Where a build writes to. */
  public synchronized Optional<Path> log(String id) {
    return Optional.ofNullable(builds.get(id)).map(Build::log);
  }

  private static AwsError invalid(String message) {
    return new AwsError(400, "InvalidInputException", message);
  }

  @Override
  public synchronized void close() {
    closed = true;
    builds.values().forEach(build -> build.stop("STOPPED"));
  }
}
