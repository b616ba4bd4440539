package slipway.build;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import slipway.config.Container;

/**
 * One image of a build, as {@code IMAGES} names it.
 *
 * @param folder with the Dockerfile, relative to the repository's root
 * @param repository of ECR; none if the build was started by hand with folders only
 */
record Image(String folder, Optional<String> repository) {
  /** Name of the variable that buildspec.yml reads: {@code app=slipway/dice/app adot=…}. */
  static final String VARIABLE = "IMAGES";

  static String write(List<Container.Built> images) {
    return images.stream().map(i -> i.folder() + "=" + i.repository()).collect(joining(" "));
  }

  static List<Image> read(String text) {
    return Stream.of(text.strip().split("\\s+")).filter(i -> !i.isEmpty()).map(Image::one).toList();
  }

  private static Image one(String text) {
    var equals = text.indexOf('=');
    return equals < 0
        ? new Image(text, Optional.empty())
        : new Image(text.substring(0, equals), Optional.of(text.substring(equals + 1)));
  }

  /** Whether this is the container's image. */
  boolean isOf(Container.Built container) {
    return repository
        .map(container.repository()::equals)
        .orElseGet(() -> container.folder().equals(folder));
  }

  /** As people call it. */
  @Override
  public String toString() {
    return repository.orElse(folder);
  }
}
