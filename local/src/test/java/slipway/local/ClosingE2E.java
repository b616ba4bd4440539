package slipway.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** The end: last, because nothing can be asked after it. */
@Order(Integer.MAX_VALUE)
@Isolated // after those that run beside the others, too: no process may be left of any of them
@ExtendWith(Deployed.Once.class)
class ClosingE2E {

  @Test
  void afterAllThisNoPolicyWasTooNarrow(Deployed deployed) {
    assertThat(deployed.refused()).isEmpty();
  }

  @Test
  void closingLeavesNoProcessNoFolderAndNoPort(Deployed deployed) throws IOException {
    var processes = ProcessHandle.current().descendants().toList();
    var folders = List.of(deployed.stack.work(), repositoryFolder(deployed));
    var addresses =
        List.of(
            deployed.stack.endpoint(), deployed.slipway.service(), deployed.slipway.github().web());
    assertThat(processes).isNotEmpty();
    assertThat(folders).allSatisfy(folder -> assertThat(folder).exists());

    deployed.slipway.close();

    assertThat(processes).noneMatch(ProcessHandle::isAlive);
    assertThat(ProcessHandle.current().descendants()).isEmpty();
    assertThat(folders).allSatisfy(folder -> assertThat(folder).doesNotExist());
    assertThat(addresses).allSatisfy(ClosingE2E::assertNobodyListens);
  }

  private static void assertNobodyListens(URI address) {
    assertThatThrownBy(() -> new java.net.Socket(address.getHost(), address.getPort()).close())
        .isInstanceOf(java.net.ConnectException.class);
  }

  /** Other runs on this machine have theirs: this run's is the one with its head. */
  private static Path repositoryFolder(Deployed deployed) throws IOException {
    var head = deployed.slipway.repository().head("main");
    try (var folders =
        Files.newDirectoryStream(
            Path.of(System.getProperty("java.io.tmpdir")).toRealPath(), "slipway-github-*")) {
      for (var folder : folders) {
        var main = folder.resolve("example/dice.git/refs/heads/main");
        if (Files.exists(main) && Files.readString(main).strip().equals(head)) return folder;
      }
    }
    throw new AssertionError("no folder below java.io.tmpdir has the repository at " + head);
  }
}
