package slipway.local.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import slipway.json.Json;
import slipway.local.cloud.Authorizer;
import slipway.local.cloud.AwsAnswer;
import slipway.local.cloud.AwsCall;
import slipway.local.cloud.AwsError;
import slipway.local.cloud.AwsService;
import slipway.local.cloud.Events;
import slipway.local.cloud.Place;
import slipway.local.stack.Change;
import slipway.local.stack.Properties;
import slipway.local.stack.Provisioner;
import slipway.local.stack.Resource;

/** ECR: the API, the repositories of the template, and the registry that images are pushed to. */
public final class Ecr implements AwsService, Provisioner, AutoCloseable {
  /** The registry's name in image names; the played docker goes to {@link #address} instead. */
  public static final String HOST = Repository.HOST;

  private final Repositories repositories;
  private final Logins logins = new Logins();
  private final Map<String, String> downloads = new ConcurrentHashMap<>();
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * Starts an empty registry on a loopback port.
   *
   * @param folder for blobs; made if missing
   * @param events where pushes are told
   * @param authorizer asked for each step of a push or a pull
   */
  public Ecr(Path folder, Events events, Authorizer authorizer) {
    repositories = new Repositories(new Blobs(folder), events);
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("registry: cannot open a loopback port", e);
    }
    server.setExecutor(threads);
    server.createContext("/v2/", new Distribution(repositories, logins, authorizer));
    server.createContext("/layers/", this::download);
    server.start();
  }

  /** Where the registry listens: {@code 127.0.0.1:port}. */
  public String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** The manifest behind a tag or a digest of a repository. */
  public Optional<Manifest> manifest(String repository, String reference) {
    return repositories.find(repository).flatMap(found -> found.find(reference));
  }

  /** The file of a blob. */
  public Optional<Path> blob(String digest) {
    return repositories.blobs().find(digest);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  @Override
  public Set<String> types() {
    return Set.of("AWS::ECR::Repository");
  }

  @Override
  public Made make(Resource resource) {
    var name =
        resource
            .properties()
            .at("RepositoryName")
            .optionalText()
            .orElseGet(() -> resource.id().toLowerCase(java.util.Locale.ROOT));
    var repository = Repository.of(name, resource.properties());
    repositories.add(repository);
    return new Made(
        name, Map.of("Arn", repository.arn(), "RepositoryUri", Repository.HOST + "/" + name));
  }

  @Override
  public Made update(Change change) {
    var name = change.made().ref();
    known(name).become(Repository.of(name, change.properties()));
    return change.made();
  }

  @Override
  public void delete(Resource resource, Made made) {
    var name = made.ref();
    var emptied = Properties.flag(resource.properties().at("EmptyOnDelete"), false);
    if (!emptied && !known(name).all().isEmpty())
      throw new IllegalStateException(
          ("The repository with name '%s' in registry with id '%s' cannot be deleted because it"
                  + " still contains images")
              .formatted(name, Place.ACCOUNT));
    repositories.remove(name);
  }

  @Override
  public List<String> existing() {
    return repositories.all().stream().map(Repository::arn).toList();
  }

  @Override
  public String name() {
    return "ecr";
  }

  @Override
  public List<Permission> needs(AwsCall call) {
    var action = "ecr:" + call.operation();
    if (call.operation().equals("GetAuthorizationToken"))
      return List.of(new Permission(action, "*"));
    if (call.operation().equals("DescribeRepositories")) {
      var names = call.json().at("repositoryNames").items();
      if (names.isEmpty()) return List.of(new Permission(action, arn("*")));
      return names.stream().map(name -> new Permission(action, arn(name.text()))).toList();
    }
    return List.of(new Permission(action, arn(call.json().at("repositoryName").text())));
  }

  private static String arn(String repository) {
    return new Repository(repository, "MUTABLE", List.of()).arn();
  }

  @Override
  public AwsAnswer answer(AwsCall call) {
    return switch (call.operation()) {
      case "GetAuthorizationToken" -> authorizationToken(call);
      case "BatchGetImage" -> batchGetImage(call.json());
      case "GetDownloadUrlForLayer" -> downloadUrl(call.json());
      case "DescribeImages" -> describeImages(call.json());
      case "CreateRepository" -> createRepository(call.json());
      case "DescribeRepositories" -> describeRepositories(call.json());
      case "ListTagsForResource" -> AwsAnswer.json(Map.of("tags", List.of()));
      default ->
          throw new AwsError(
              400, "UnsupportedOperation", "local does not play ecr:" + call.operation());
    };
  }

  private AwsAnswer authorizationToken(AwsCall call) {
    var data = new LinkedHashMap<String, Object>();
    data.put("authorizationToken", logins.tokenFor(call.caller()));
    data.put("expiresAt", seconds(Instant.now().plus(Duration.ofHours(12))));
    data.put("proxyEndpoint", "https://" + Repository.HOST);
    return AwsAnswer.json(Map.of("authorizationData", List.of(data)));
  }

  private AwsAnswer batchGetImage(Json request) {
    var repository = repository(request);
    var images = new ArrayList<Map<String, Object>>();
    var failures = new ArrayList<Map<String, Object>>();
    for (var id : request.at("imageIds").items()) {
      var tag = id.at("imageTag").optionalText();
      var found = repository.find(id.at("imageDigest").optionalText().or(() -> tag).orElse(""));
      if (found.isEmpty()) {
        failures.add(
            Map.of(
                "imageId", id.value(),
                "failureCode", "ImageNotFound",
                "failureReason", "Requested image not found"));
        continue;
      }
      var imageId = new LinkedHashMap<String, Object>();
      imageId.put("imageDigest", found.get().digest());
      tag.ifPresent(t -> imageId.put("imageTag", t));
      images.add(
          Map.of(
              "registryId", Place.ACCOUNT,
              "repositoryName", repository.name(),
              "imageId", imageId,
              "imageManifest", found.get().content(),
              "imageManifestMediaType", found.get().mediaType()));
    }
    return AwsAnswer.json(Map.of("images", images, "failures", failures));
  }

  private AwsAnswer downloadUrl(Json request) {
    var repository = repository(request);
    var digest = request.at("layerDigest").text();
    if (blob(digest).isEmpty()) {
      throw new AwsError(
          400,
          "LayersNotFoundException",
          "The layer with digest '%s' does not exist in the repository with name '%s'"
              .formatted(digest, repository.name()));
    }
    var token = UUID.randomUUID().toString();
    downloads.put(token, digest);
    return AwsAnswer.json(
        Map.of(
            "downloadUrl",
            "http://" + address() + "/layers/" + digest + "?signature=" + token,
            "layerDigest",
            digest));
  }

  private void download(HttpExchange exchange) throws IOException {
    try (exchange) {
      var digest = exchange.getRequestURI().getPath().substring("/layers/".length());
      var signed = downloads.get(Queries.first(exchange.getRequestURI(), "signature"));
      var file = digest.equals(signed) ? blob(digest) : Optional.<Path>empty();
      if (file.isEmpty()) exchange.sendResponseHeaders(403, -1);
      else Distribution.send(exchange, file.get(), false);
    }
  }

  private AwsAnswer describeImages(Json request) {
    var repository = repository(request);
    var ids = request.at("imageIds").items();
    var wanted = new ArrayList<Manifest>();
    for (var id : ids) {
      var reference =
          id.at("imageDigest").optionalText().or(() -> id.at("imageTag").optionalText()).orElse("");
      wanted.add(
          repository
              .find(reference)
              .orElseThrow(
                  () ->
                      new AwsError(
                          400,
                          "ImageNotFoundException",
                          "The image with imageId '%s' does not exist within the repository with name '%s' in the registry with id '%s'"
                              .formatted(reference, repository.name(), Place.ACCOUNT))));
    }
    var details = (ids.isEmpty() ? repository.all() : wanted).stream();
    return AwsAnswer.json(
        Map.of("imageDetails", details.map(manifest -> detail(repository, manifest)).toList()));
  }

  private static Map<String, Object> detail(Repository repository, Manifest manifest) {
    var detail = new LinkedHashMap<String, Object>();
    detail.put("registryId", Place.ACCOUNT);
    detail.put("repositoryName", repository.name());
    detail.put("imageDigest", manifest.digest());
    var tags = repository.tagsOf(manifest.digest());
    if (!tags.isEmpty()) detail.put("imageTags", tags);
    detail.put("imagePushedAt", seconds(manifest.pushed()));
    detail.put("imageManifestMediaType", manifest.mediaType());
    detail.put("imageStatus", "ACTIVE");
    return detail;
  }

  private AwsAnswer describeRepositories(Json request) {
    var names = request.at("repositoryNames").items();
    var found =
        names.isEmpty()
            ? repositories.all()
            : names.stream().map(name -> known(name.text())).toList();
    return AwsAnswer.json(
        Map.of("repositories", found.stream().map(Repository::described).toList()));
  }

  /** By hand, beside the stack. */
  private AwsAnswer createRepository(Json request) {
    var repository = Repository.created(request);
    if (repositories.find(repository.name()).isPresent())
      throw new AwsError(
          400,
          "RepositoryAlreadyExistsException",
          "The repository with name '%s' already exists in the registry with id '%s'"
              .formatted(repository.name(), Place.ACCOUNT));
    repositories.add(repository);
    return AwsAnswer.json(Map.of("repository", repository.described()));
  }

  private Repository repository(Json request) {
    return known(request.at("repositoryName").text());
  }

  private Repository known(String name) {
    return repositories
        .find(name)
        .orElseThrow(
            () ->
                new AwsError(
                    400,
                    "RepositoryNotFoundException",
                    "The repository with name '%s' does not exist in the registry with id '%s'"
                        .formatted(name, Place.ACCOUNT)));
  }

  private static double seconds(Instant time) {
    return time.toEpochMilli() / 1000.0;
  }
}
