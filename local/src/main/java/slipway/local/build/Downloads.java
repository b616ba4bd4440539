package slipway.local.build;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What ADD fetches: really downloaded and checked, but for files that local has a substitute for.
 *
 * @param substitutes files by the name at the end of the URL
 */
record Downloads(Map<String, Path> substitutes) {

  /** From {@code name=path} lines, as {@link Shims} writes them. */
  static Downloads of(String lines) {
    var substitutes = new LinkedHashMap<String, Path>();
    for (var line : lines.lines().toList()) {
      var equals = line.indexOf('=');
      if (equals > 0)
        substitutes.put(line.substring(0, equals), Path.of(line.substring(equals + 1)));
    }
    return new Downloads(substitutes);
  }

  void fetch(String url, Optional<String> checksum, Path target) throws IOException {
    Files.createDirectories(target.getParent());
    var substitute = substitutes.get(url.substring(url.lastIndexOf('/') + 1));
    if (substitute != null) {
      System.err.println("played: " + substitute.getFileName() + " in place of " + url);
      Files.copy(substitute, target);
      return;
    }
    try (var client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build()) {
      var answer =
          client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofFile(target));
      if (answer.statusCode() != 200)
        throw new IOException("GET " + url + " answered " + answer.statusCode());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while fetching " + url, e);
    }
    var digest = Layer.sha256();
    digest.update(Files.readAllBytes(target));
    var actual = Layer.name(digest);
    if (checksum.isPresent() && !checksum.get().equals(actual))
      throw new IOException(url + " has digest " + actual + ", want " + checksum.get());
  }
}
