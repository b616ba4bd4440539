package slipway.local.build;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Which architecture a stage's image comes out with, and what buildx says if that is not the one
 * that is built for. It is the one of {@code FROM --platform}, if that is there. A base image for
 * another one changes nothing in what the image says of itself, so that such an image fails where
 * it runs.
 *
 * @param architecture that is built for
 * @param errors whether a complaint fails the build: {@code # check=error=true}
 * @param bases of images whose architecture can be known
 */
record Platforms(String architecture, boolean errors, Bases bases) {

  /** Looks at a base image. */
  interface Bases {
    /** Its architecture, the wanted one if it has several; empty if nothing is known of it. */
    Optional<String> architecture(String image, String wanted) throws IOException;
  }

  /**
   * @param base empty if the stage starts from another one
   * @param globals what the instruction's variables mean
   */
  String of(Instruction from, Optional<String> base, Map<String, String> globals)
      throws IOException {
    var flag = Optional.ofNullable(from.flags().get("platform"));
    if (flag.filter(platform -> !platform.contains("$")).isPresent())
      complain(
          from,
          "FromPlatformFlagConstDisallowed",
          "FROM --platform flag should not use constant value \"%s\"".formatted(flag.get()));
    var own =
        flag.map(platform -> Words.expand(platform, globals).replaceFirst("^[^/]*/", ""))
            .orElse(architecture);
    var real = base.isPresent() ? bases.architecture(base.get(), own) : Optional.<String>empty();
    if (real.filter(found -> !found.equals(own)).isPresent())
      complain(
          from,
          "InvalidBaseImagePlatform",
          "Base image %s was pulled with platform \"linux/%s\", expected \"linux/%s\" for current build"
              .formatted(base.get(), real.get(), own));
    return own;
  }

  private void complain(Instruction from, String rule, String what) {
    System.err.println("WARN: " + rule + ": " + what + " (line " + from.line() + ")");
    if (errors)
      throw new IllegalArgumentException(
          "lint violation found for rules: %s: %s (line %d)".formatted(rule, what, from.line()));
  }
}
