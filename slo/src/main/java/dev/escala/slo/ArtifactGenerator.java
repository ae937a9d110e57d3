package dev.escala.slo;

import java.util.List;

/** Makes one kind of files out of the objectives. The same objectives give the same bytes. */
@FunctionalInterface
public interface ArtifactGenerator {

  List<Artifact> artifacts(SloBook book, Presentation presentation);
}
