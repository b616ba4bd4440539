package slipway.local.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Builds the last stage of a Dockerfile and those that it needs, each once. */
final class ImageBuild {
  private final Dockerfile dockerfile;
  private final BuildInput input;
  private final Path folder;
  private final Platforms platforms;
  private final Map<String, String> globals = new LinkedHashMap<>();
  private final Map<Dockerfile.Stage, Path> roots = new LinkedHashMap<>();
  private final Map<Dockerfile.Stage, ImageSettings> settings = new LinkedHashMap<>();
  private final Map<Dockerfile.Stage, String> architectures = new LinkedHashMap<>();

  /**
   * An image that is built.
   *
   * @param settings with the name of its base image
   * @param architecture that it says it is for
   */
  record Built(ImageSettings settings, List<Layer> layers, String architecture) {}

  ImageBuild(
      Dockerfile dockerfile,
      BuildInput input,
      String architecture,
      Platforms.Bases bases,
      Path folder) {
    this.dockerfile = dockerfile;
    this.input = input;
    this.folder = folder;
    this.platforms = new Platforms(architecture, dockerfile.strict(), bases);
    for (var name : List.of("BUILDPLATFORM", "TARGETPLATFORM"))
      globals.put(name, "linux/" + architecture);
    globals.put("TARGETARCH", architecture);
    globals.put("TARGETOS", "linux");
    for (var argument : dockerfile.globals()) {
      Words.pairs(Words.expand(argument.rest(), globals))
          .forEach((name, value) -> globals.put(name, input.arguments().getOrDefault(name, value)));
    }
  }

  Built build() throws IOException {
    var last = dockerfile.stages().getLast();
    var layers = Files.createDirectories(folder.resolve("layers"));
    var made = build(last, Optional.of(layers));
    return new Built(settings.get(last), made.layers(), architectures.get(last));
  }

  private StageBuild build(Dockerfile.Stage stage, Optional<Path> layers) throws IOException {
    var root = Files.createDirectories(folder.resolve("stage" + roots.size()));
    roots.put(stage, root);
    var base = Words.expand(stage.base(), globals);
    var above = dockerfile.stage(base).filter(other -> other != stage);
    var own = new ImageSettings();
    if (above.isPresent()) {
      if (layers.isPresent())
        throw stage
            .from()
            .wrong("the last stage must start from an image, not from a stage, in local");
      Folders.copy(root(above.get()), root, _ -> true);
      own = ImageSettings.from(settings.get(above.get()));
    } else own.base = base;
    settings.put(stage, own);
    architectures.put(
        stage,
        platforms.of(
            stage.from(), above.isPresent() ? Optional.empty() : Optional.of(base), globals));
    var build = new StageBuild(root, layers, input, globals, own, this::stage);
    for (var step : stage.steps()) build.carryOut(step);
    return build;
  }

  private Path stage(String name) {
    var stage =
        dockerfile
            .stage(name)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "COPY --from=" + name + ": no such stage, and local has no other images"));
    try {
      return root(stage);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("stage " + name, e);
    }
  }

  private Path root(Dockerfile.Stage stage) throws IOException {
    if (!roots.containsKey(stage)) build(stage, Optional.empty());
    return roots.get(stage);
  }
}
