package slipway.local.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/** Blobs as files named by their digest; what is there is whole and right. */
final class Blobs {
  private final Path folder;
  private final Path uploads;

  Blobs(Path folder) {
    this.folder = folder;
    this.uploads = folder.resolve("uploads");
    try {
      Files.createDirectories(uploads);
    } catch (IOException e) {
      throw new UncheckedIOException("registry: cannot make its folder " + uploads, e);
    }
  }

  /** The blob's file, or empty if there is none; a text that is no digest names none. */
  Optional<Path> find(String digest) {
    if (!digest.matches("sha256:[0-9a-f]{64}")) return Optional.empty();
    var file = folder.resolve(digest.substring("sha256:".length()));
    return Files.exists(file) ? Optional.of(file) : Optional.empty();
  }

  String startUpload() throws IOException {
    var id = UUID.randomUUID().toString();
    Files.createFile(uploads.resolve(id));
    return id;
  }

  /** Adds bytes to an upload; the size so far. */
  long append(String upload, InputStream bytes) throws IOException {
    var file = upload(upload);
    try (var out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
      bytes.transferTo(out);
    }
    return Files.size(file);
  }

  /** Ends an upload: the file takes its digest's name, if that is its digest. */
  void finish(String upload, String digest) throws IOException {
    var file = upload(upload);
    var actual = digest(file);
    if (!actual.equals(digest)) {
      Files.delete(file);
      throw new RegistryError(
          400, "DIGEST_INVALID", "the upload has digest " + actual + ", not " + digest);
    }
    Files.move(
        file,
        folder.resolve(digest.substring("sha256:".length())),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private Path upload(String id) throws IOException {
    var file = uploads.resolve(id).normalize();
    if (!file.getParent().equals(uploads) || !Files.exists(file))
      throw new RegistryError(404, "BLOB_UPLOAD_UNKNOWN", "no upload " + id);
    return file;
  }

  private static String digest(Path file) throws NoSuchFileException, IOException {
    var digest = sha256();
    try (var in = Files.newInputStream(file)) {
      in.transferTo(
          new OutputStream() {
            @Override
            public void write(int b) {
              digest.update((byte) b);
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
              digest.update(bytes, from, length);
            }
          });
    }
    return name(digest);
  }

  static String digest(byte[] bytes) {
    var digest = sha256();
    digest.update(bytes);
    return name(digest);
  }

  private static String name(MessageDigest digest) {
    return "sha256:" + HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
