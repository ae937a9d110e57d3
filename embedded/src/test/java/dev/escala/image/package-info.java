/**
 * The image without a container engine: the same files, started as the Dockerfile says, with a
 * read-only root, without a user's rights. Runs after packaging, since it needs what is packaged.
 */
@NullMarked
package dev.escala.image;

import org.jspecify.annotations.NullMarked;
