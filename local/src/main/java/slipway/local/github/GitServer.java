package slipway.local.github;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.eclipse.jgit.transport.ReceivePack;
import org.eclipse.jgit.transport.RefAdvertiser.PacketLineOutRefAdvertiser;
import org.eclipse.jgit.transport.UploadPack;

/** Git's smart HTTP protocol for one repository: clone, fetch and push. */
final class GitServer {
  private static final String UPLOAD = "git-upload-pack";
  private static final String RECEIVE = "git-receive-pack";

  private final Repository repository;
  private final Consumer<Collection<ReceiveCommand>> pushed;

  /**
   * @param pushed told after the refs of a push were updated
   */
  GitServer(Repository repository, Consumer<Collection<ReceiveCommand>> pushed) {
    this.repository = repository;
    this.pushed = pushed;
  }

  /**
   * Answers a request.
   *
   * @param path after {@code /owner/name.git}
   */
  void serve(String path, Exchange exchange) throws IOException {
    exchange.http().getResponseHeaders().set("Cache-Control", "no-cache");
    switch (exchange.method() + " " + path) {
      case "GET /info/refs" -> advertise(exchange);
      case "POST /git-upload-pack" -> {
        start(exchange, UPLOAD);
        upload(exchange).upload(exchange.body(), exchange.http().getResponseBody(), null);
      }
      case "POST /git-receive-pack" -> {
        start(exchange, RECEIVE);
        receive().receive(exchange.body(), exchange.http().getResponseBody(), null);
      }
      default ->
          exchange.answer(
              404, "text/plain", "not a request of git".getBytes(StandardCharsets.UTF_8));
    }
  }

  private void advertise(Exchange exchange) throws IOException {
    var service = exchange.query().getOrDefault("service", "");
    var bytes = new ByteArrayOutputStream();
    var out = new PacketLineOut(bytes);
    switch (service) {
      case UPLOAD ->
          upload(exchange).sendAdvertisedRefs(new PacketLineOutRefAdvertiser(out), UPLOAD);
      case RECEIVE -> {
        out.writeString("# service=" + RECEIVE + "\n");
        out.end();
        receive().sendAdvertisedRefs(new PacketLineOutRefAdvertiser(out));
      }
      default -> {
        exchange.answer(
            403, "text/plain", "only smart HTTP is spoken".getBytes(StandardCharsets.UTF_8));
        return;
      }
    }
    exchange.answer(200, "application/x-" + service + "-advertisement", bytes.toByteArray());
  }

  private static void start(Exchange exchange, String service) throws IOException {
    exchange
        .http()
        .getResponseHeaders()
        .set("Content-Type", "application/x-" + service + "-result");
    exchange.http().sendResponseHeaders(200, 0);
  }

  private UploadPack upload(Exchange exchange) {
    var upload = new UploadPack(repository);
    upload.setBiDirectionalPipe(false);
    exchange
        .header("Git-Protocol")
        .ifPresent(versions -> upload.setExtraParameters(List.of(versions.split(":"))));
    return upload;
  }

  private ReceivePack receive() {
    var receive = new ReceivePack(repository);
    receive.setBiDirectionalPipe(false);
    receive.setPreReceiveHook((_, commands) -> commands.forEach(GitServer::protect));
    receive.setPostReceiveHook((_, commands) -> pushed.accept(commands));
    return receive;
  }

  /** GitHub keeps the default branch. */
  private static void protect(ReceiveCommand command) {
    if (command.getType() == ReceiveCommand.Type.DELETE
        && command.getRefName().equals("refs/heads/" + GitHub.DEFAULT_BRANCH))
      command.setResult(
          ReceiveCommand.Result.REJECTED_OTHER_REASON,
          "refusing to delete the current branch: " + command.getRefName());
  }
}
