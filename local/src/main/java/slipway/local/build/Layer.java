package slipway.local.build;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * A layer as a file: what one instruction changed, the same bytes for the same change.
 *
 * @param digest of the file
 * @param diffId digest of the tar in it
 */
record Layer(Path file, String digest, String diffId) {

  /** What a folder holds, to compare with later. */
  static Map<String, String> snapshot(Path root) throws IOException {
    var files = new TreeMap<String, String>();
    try (var all = Files.walk(root)) {
      for (var path : all.toList()) {
        if (path.equals(root)) continue;
        var at = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        // A folder's time changes with its contents, which are compared themselves.
        var mark =
            at.isDirectory()
                ? "folder"
                : at.size() + " " + at.lastModifiedTime() + " " + at.fileKey();
        files.put(root.relativize(path).toString(), mark);
      }
    }
    return files;
  }

  /** Writes what differs from the snapshot: sorted, without times and owners. */
  static Layer write(Path root, Map<String, String> before, Path target) throws IOException {
    var after = snapshot(root);
    var whole = sha256();
    var inner = sha256();
    try (var file = new BufferedOutputStream(Files.newOutputStream(target));
        var zipped = new Fast(new DigestOutputStream(file, whole));
        var tar = new TarArchiveOutputStream(new DigestOutputStream(zipped, inner))) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      for (var name : new TreeSet<>(after.keySet())) {
        if (!after.get(name).equals(before.get(name))) add(tar, root.resolve(name), name);
      }
      for (var name : new TreeSet<>(before.keySet())) {
        if (!after.containsKey(name)) whiteout(tar, name);
      }
    }
    return new Layer(target, name(whole), name(inner));
  }

  private static void add(TarArchiveOutputStream tar, Path path, String name) throws IOException {
    if (Files.isSymbolicLink(path)) {
      var entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
      entry.setLinkName(Files.readSymbolicLink(path).toString());
      put(tar, entry);
    } else if (Files.isDirectory(path)) {
      var entry = new TarArchiveEntry(name + "/");
      entry.setMode(0755);
      put(tar, entry);
    } else {
      var entry = new TarArchiveEntry(name);
      entry.setMode(mode(path));
      entry.setSize(Files.size(path));
      entry.setModTime(0);
      entry.setIds(0, 0);
      tar.putArchiveEntry(entry);
      Files.copy(path, tar);
      tar.closeArchiveEntry();
    }
  }

  private static void whiteout(TarArchiveOutputStream tar, String name) throws IOException {
    var slash = name.lastIndexOf('/') + 1;
    put(tar, new TarArchiveEntry(name.substring(0, slash) + ".wh." + name.substring(slash)));
  }

  private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry) throws IOException {
    entry.setModTime(0);
    entry.setIds(0, 0);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }

  private static int mode(Path path) throws IOException {
    var mode = 0;
    for (var permission : PosixFilePermission.values()) {
      mode <<= 1;
      if (Files.getPosixFilePermissions(path).contains(permission)) mode |= 1;
    }
    return mode;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static String name(MessageDigest digest) {
    return "sha256:" + HexFormat.of().formatHex(digest.digest());
  }

  /** Gzip for speed: most of what goes into layers are jars, which are packed already. */
  private static final class Fast extends GZIPOutputStream {
    Fast(OutputStream out) throws IOException {
      super(out, 1 << 16);
      def.setLevel(1);
    }
  }
}
