package slipway.local.build;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import slipway.json.Json;
import slipway.local.build.RegistryClient.Manifest;
import slipway.local.registry.Ecr;

/** The docker of local's CodeBuild: what a buildspec uses of it, without a container engine. */
public final class DockerShim {
  private final Map<String, String> environment;
  private final Path config;

  DockerShim(Map<String, String> environment) {
    this.environment = environment;
    this.config = Path.of(need("DOCKER_CONFIG")).resolve("config.json");
  }

  /** Exit code 1 and the reason on standard error if it cannot be done. */
  public static void main(String[] arguments) {
    try {
      new DockerShim(System.getenv()).run(List.of(arguments));
    } catch (IOException | RuntimeException e) {
      System.err.println("ERROR: " + e.getMessage());
      System.exit(1);
    }
  }

  void run(List<String> words) throws IOException {
    if (starts(words, "login")) login(words.subList(1, words.size()));
    else if (starts(words, "buildx", "build")) build(words.subList(2, words.size()));
    else if (starts(words, "buildx", "imagetools", "create")) retag(words.subList(3, words.size()));
    else if (starts(words, "buildx", "imagetools", "inspect"))
      inspect(words.subList(3, words.size()));
    else if (starts(words, "buildx", "create")
        || starts(words, "buildx", "use")
        || starts(words, "buildx", "inspect")) System.out.println("local");
    else
      throw new IllegalArgumentException(
          "local's docker knows no '" + String.join(" ", words) + "'");
  }

  private static boolean starts(List<String> words, String... with) {
    return words.size() >= with.length && words.subList(0, with.length).equals(List.of(with));
  }

  private void login(List<String> words) throws IOException {
    var user = "";
    var host = "";
    var fromInput = false;
    for (int i = 0; i < words.size(); i++) {
      switch (words.get(i)) {
        case "--username", "-u" -> user = words.get(++i);
        case "--password-stdin" -> fromInput = true;
        default -> host = words.get(i);
      }
    }
    if (!fromInput) throw new IllegalArgumentException("docker login wants --password-stdin");
    var password = new String(System.in.readAllBytes(), StandardCharsets.UTF_8).strip();
    var login =
        Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    try (var registry = new RegistryClient(address(host), login)) {
      if (!registry.welcomes())
        throw new IOException("login attempt to https://" + host + "/v2/ failed: 401 Unauthorized");
    }
    Files.createDirectories(config.getParent());
    Files.writeString(config, Json.write(Map.of("auths", Map.of(host, Map.of("auth", login)))));
    System.out.println("Login Succeeded");
  }

  private void build(List<String> words) throws IOException {
    var options = BuildOptions.parse(words);
    if (!options.push() || options.tags().isEmpty())
      throw new IllegalArgumentException("local's docker only builds to push: --tag … --push");
    if (!options.provenance() && !options.annotations("index").isEmpty())
      throw new IllegalArgumentException(
          "index annotations not supported for single platform export");
    var context = options.context().toAbsolutePath();
    var input =
        new BuildInput(
            context,
            Folders.notIgnored(context),
            options.arguments(),
            Downloads.of(environment.getOrDefault(Shims.DOWNLOADS, "")),
            environment.getOrDefault(Shims.OFFLINE, "").equals("true"));
    var dockerfile = Dockerfile.parse(Files.readString(options.file()));
    Files.createDirectories(config.getParent());
    var folder = Files.createTempDirectory(config.getParent(), "build");
    try {
      var built =
          new ImageBuild(dockerfile, input, options.architecture(), this::architecture, folder)
              .build();
      built.settings().labels.putAll(options.labels());
      for (var tag : options.tags()) {
        try (var registry = registry(tag)) {
          var digest = new ImagePush(registry, tag).push(built, options);
          System.err.println("pushed " + tag + " " + digest);
        } catch (IOException e) {
          throw new IOException("failed to push " + tag + ": " + e.getMessage(), e);
        }
      }
    } finally {
      Folders.delete(folder);
    }
  }

  /** Known of images in the played registry; base images from elsewhere are not pulled. */
  private Optional<String> architecture(String image, String wanted) throws IOException {
    if (!image.startsWith(Ecr.HOST + "/")) return Optional.empty();
    var reference = Reference.parse(image);
    try (var registry = registry(reference)) {
      var known =
          Json.parse(get(registry, reference).content()).at("manifests").items().stream()
              .map(entry -> entry.at("platform").at("architecture").optionalText().orElse(""))
              .filter(architecture -> !architecture.isEmpty() && !architecture.equals("unknown"))
              .toList();
      return known.contains(wanted) ? Optional.of(wanted) : known.stream().findFirst();
    }
  }

  /** {@code imagetools create --tag A B}: A names what B names; a lone manifest gets an index. */
  private void retag(List<String> words) throws IOException {
    var tags = new ArrayList<Reference>();
    Optional<Reference> source = Optional.empty();
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i).equals("--tag") || words.get(i).equals("-t"))
        tags.add(Reference.parse(words.get(++i)));
      else if (source.isPresent() || words.get(i).startsWith("-"))
        throw new IllegalArgumentException("local's imagetools create knows no " + words.get(i));
      else source = Optional.of(Reference.parse(words.get(i)));
    }
    var from =
        source.orElseThrow(() -> new IllegalArgumentException("imagetools create wants a source"));
    for (var tag : tags) {
      if (!tag.repository().equals(from.repository()))
        throw new IllegalArgumentException(
            "local retags within one repository, not " + from + " as " + tag);
      try (var registry = registry(tag)) {
        var manifest = get(registry, from);
        registry.put(tag.repository(), tag.version(), indexed(manifest));
        System.err.println("pushed " + tag + " " + ImagePush.digest(indexed(manifest).content()));
      }
    }
  }

  private static Manifest indexed(Manifest manifest) {
    if (manifest.mediaType().equals(ImagePush.INDEX)) return manifest;
    var entry = ImagePush.descriptor(manifest.mediaType(), manifest.content());
    return new Manifest(ImagePush.index(List.of(entry), Map.of()), ImagePush.INDEX);
  }

  private void inspect(List<String> words) throws IOException {
    var raw = words.contains("--raw");
    var name = words.stream().filter(word -> !word.startsWith("-")).findFirst();
    var reference =
        Reference.parse(
            name.orElseThrow(
                () -> new IllegalArgumentException("imagetools inspect wants an image")));
    try (var registry = registry(reference)) {
      var manifest = get(registry, reference);
      if (raw) System.out.println(manifest.content());
      else
        System.out.printf(
            "Name:      %s%nMediaType: %s%nDigest:    %s%n",
            reference, manifest.mediaType(), ImagePush.digest(manifest.content()));
    }
  }

  private static Manifest get(RegistryClient registry, Reference reference) throws IOException {
    return registry
        .get(reference.repository(), reference.version())
        .orElseThrow(() -> new IOException(reference + ": not found"));
  }

  private RegistryClient registry(Reference reference) throws IOException {
    var auths = new LinkedHashMap<String, Json>();
    if (Files.exists(config))
      auths.putAll(Json.parse(Files.readString(config)).at("auths").members());
    var login =
        auths.containsKey(reference.host()) ? auths.get(reference.host()).at("auth").text() : "";
    return new RegistryClient(address(reference.host()), login);
  }

  private URI address(String host) {
    if (!host.equals(Ecr.HOST))
      throw new IllegalArgumentException("local has no registry '" + host + "', only " + Ecr.HOST);
    return URI.create("http://" + need(Shims.REGISTRY));
  }

  private String need(String name) {
    return Optional.ofNullable(environment.get(name))
        .orElseThrow(
            () -> new IllegalStateException(name + " is not set: run this from a local build"));
  }
}
