<?php
/* What a web server does in front of WordPress: files as they are, scripts, and everything else to index.php. */
$root = getenv( 'WP_ROOT' );
$file = $root . urldecode( parse_url( $_SERVER['REQUEST_URI'], PHP_URL_PATH ) );
$file = is_dir( $file ) ? rtrim( $file, '/' ) . '/index.php' : $file;
if ( is_file( $file ) && ! str_ends_with( $file, '.php' ) ) {
	header( 'Content-Type: ' . mime_content_type( $file ) );
	readfile( $file );
	return true;
}
$script = is_file( $file ) ? $file : "$root/index.php";
$_SERVER['SCRIPT_FILENAME'] = $script;
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = substr( $script, strlen( $root ) );
chdir( dirname( $script ) );
require $script;
return true;
