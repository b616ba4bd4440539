package slipway.local.build;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What a Dockerfile is built with.
 *
 * @param wanted whether a file of the context is not ignored
 * @param arguments of {@code --build-arg}
 * @param offline whether Maven must not reach out
 */
record BuildInput(
    Path context,
    Predicate<Path> wanted,
    Map<String, String> arguments,
    Downloads downloads,
    boolean offline) {}
