package slipway.local.ecs;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Unpacks image layers one over the other. */
final class Layers {
  private static final String WHITEOUT = ".wh.";

  private Layers() {}

  static void unpack(Path layer, Path root) throws IOException {
    try (var in = new BufferedInputStream(Files.newInputStream(layer));
        var tar = new TarArchiveInputStream(new GZIPInputStream(in, 1 << 16))) {
      for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        var path = root.resolve(entry.getName()).normalize();
        if (!path.startsWith(root))
          throw new IOException("a layer reaches outside: " + entry.getName());
        var name = path.getFileName().toString();
        if (path.equals(root)) continue;
        if (name.startsWith(WHITEOUT)) {
          delete(path.resolveSibling(name.substring(WHITEOUT.length())));
          continue;
        }
        Files.createDirectories(path.getParent());
        if (entry.isDirectory()) {
          Files.createDirectories(path);
        } else if (entry.isSymbolicLink()) {
          Files.deleteIfExists(path);
          Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else {
          Files.copy(tar, path, StandardCopyOption.REPLACE_EXISTING);
          Files.setPosixFilePermissions(path, permissions(entry.getMode()));
        }
      }
    }
  }

  private static void delete(Path path) throws IOException {
    if (!Files.exists(path)) return;
    try (var below = Files.walk(path)) {
      for (var file : below.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
    }
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    var all = PosixFilePermission.values();
    var set = EnumSet.noneOf(PosixFilePermission.class);
    // The enum goes from the owner's read to the others' execute, as the bits do from 8 to 0.
    for (int i = 0; i < all.length; i++) if ((mode & (1 << (8 - i))) != 0) set.add(all[i]);
    set.add(PosixFilePermission.OWNER_READ);
    return set;
  }
}
